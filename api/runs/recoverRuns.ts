import {join} from "node:path";
import {errorLine} from "../../capture/errorLine.ts";
import {readTrace} from "../../capture/trace/reader.ts";
import {sealKilledTrace} from "../../capture/trace/sealKilledTrace.ts";
import {removeUnbegun, TRACE_FILE} from "../../capture/trace/writer.ts";
import {isBeingWritten} from "../../capture/trace/writerMark.ts";
import {folderNames} from "../files/folderNames.ts";
import {sweepPassing} from "../files/passing.ts";
import {exists} from "./runPlaces.ts";

/** Ends the runs of a folder that a killed process left, `stopped: "killed"`; what it did is told to `log`. */
export async function recoverRuns(runs: string, log: (line: string) => void): Promise<void> {
  for (const id of await folderNames(runs))
    await recoverRun(join(runs, id)).then(
      (line) => line && log(`${id}: ${line}`),
      (error: unknown) => log(`${id}: ${errorLine(error)}`)
    );
}

async function recoverRun(dir: string): Promise<string | undefined> {
  if (!(await exists(join(dir, TRACE_FILE)))) return (await removeUnbegun(dir)) ? "killed before it began" : undefined;
  for (const place of [dir, join(dir, "analysis")]) await sweepPassing(place);
  const trace = await readTrace(dir);
  if (trace.status === "complete" || trace.stopped !== null || (await isBeingWritten(dir))) return undefined;
  const {steps_written, steps} = await sealKilledTrace(dir, "killed");
  return `killed at step ${steps_written} of ${steps}`;
}
