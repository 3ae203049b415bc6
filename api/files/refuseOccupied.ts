import {readdir} from "node:fs/promises";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {ownerOfName} from "../../capture/trace/processIdentity.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {isWriterMark} from "../../capture/trace/writerMark.ts";

/**
 * Throws a Refusal where something lies in a folder that is to become an experiment or the like, named by `what`; but for the files in
 * `begun`, which a kill leaves that came before the one that makes the folder what it is.
 */
export async function refuseOccupied(
  dir: string,
  {what, begun}: {readonly what: string; readonly begun: readonly string[]}
): Promise<void> {
  const names = await ifThere(readdir(dir), []).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOTDIR"
      ? new Refusal(`invalid folder: ${dir}; expected a folder, found a file`, {kind: "conflict", cause: error})
      : error;
  });
  const other = names.find((name) => !isWriterMark(name) && !begun.includes(name) && ownerOfName(name) === undefined);
  if (other !== undefined)
    throw new Refusal(`invalid folder: ${dir} holds ${other} and is no ${what}; expected a new folder or an ${what}`, {kind: "conflict"});
}
