import {CommanderError} from "commander";
import {errorLine} from "../capture/errorLine.ts";
import {onStop} from "./commands/askedToStop.ts";
import {note} from "./commands/print.ts";
import {plainly, programFor} from "./commands/program.ts";
import {UsageError} from "./commands/usage.ts";
import {endPassing} from "./files/passing.ts";
import {readBuckets} from "./files/places.ts";

/** The command line. Ends with status 2 for a usage error and 1 for a failure, with one line on stderr. */

process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1)); // the reader of a pipe may leave

readBuckets();
let givesUp = false;
onStop(() => void giveUp()); // a verb that can come to a better end hears for itself

const words = process.argv.length > 2 ? plainly(process.argv.slice(2)) : ["serve"]; // who says nothing wants to see the page
try {
  await (await programFor(words)).parseAsync(words, {from: "user"});
} catch (error) {
  if (!givesUp) process.exitCode = statusOf(error);
}

/** Ends with what was underway removed, and what it was to replace as it was. */
async function giveUp(): Promise<void> {
  givesUp = true;
  await endPassing().finally(() => {
    note("cancelled");
    process.exit(1);
  });
}

function statusOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // it has spoken already
  note(errorLine(error));
  return error instanceof UsageError ? 2 : 1;
}
