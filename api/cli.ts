import {CommanderError} from "commander";
import {errorLine} from "../capture/errorLine.ts";
import {onStop} from "./commands/askedToStop.ts";
import {note} from "./commands/print.ts";
import {plainly, programFor} from "./commands/program.ts";
import {UsageError} from "./commands/usage.ts";
import {endPassing} from "./files/passing.ts";
import {readBuckets} from "./files/places.ts";

/** The command line. Ends with status 2 for a usage error and 1 for a failure, with one line on stderr. */

readBuckets();
let givesUp = false;
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  const hasLeft = error.code === "EPIPE"; // the reader of a pipe may
  void giveUp(hasLeft ? undefined : `invalid output: ${errorLine(error)}`, hasLeft ? 0 : 1);
});
onStop(() => void giveUp("cancelled")); // a verb that can come to a better end hears for itself

const words = process.argv.length > 2 ? plainly(process.argv.slice(2)) : ["serve"]; // who says nothing wants to see the page
try {
  await (await programFor(words)).parseAsync(words, {from: "user"});
} catch (error) {
  if (!givesUp) process.exitCode = statusOf(error);
}

/** Ends with what was underway removed, and what it was to replace as it was. */
async function giveUp(line: string | undefined, status = 1): Promise<void> {
  givesUp = true;
  await endPassing().finally(() => {
    if (line !== undefined) note(line);
    process.exit(status);
  });
}

function statusOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // it has spoken already
  note(errorLine(error));
  return error instanceof UsageError ? 2 : 1;
}
