import {readdir} from "node:fs/promises";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {nameSchema} from "../contract/contract.ts";

/** Folders in a folder and links, but for those that begin with a dot; none where it is not there. */
export async function folderNames(root: string): Promise<string[]> {
  const entries = await ifThere(readdir(root, {withFileTypes: true}), []);
  return entries.filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith(".")).map(({name}) => name);
}

/** Throws a Refusal for a folder that lies among those of its kind, a run’s or a model’s, under a name that no address can have. */
export function checkFolderName(name: string, noun: string): void {
  const {error} = nameSchema.safeParse(name);
  if (!error) return;
  const whose = `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}'s`;
  throw new Refusal(`invalid name of ${whose} folder: ${JSON.stringify(name)}; ${error.issues[0].message}: rename it`, {kind: "damaged"});
}
