import {Command, CommanderError} from "commander";
import {errorLine} from "../capture/errorLine.ts";
import {software} from "../capture/software.ts";
import {addAnalyze} from "./commands/analyze.ts";
import {addCapture} from "./commands/capture.ts";
import {addExport} from "./commands/export.ts";
import {addImport} from "./commands/import.ts";
import {addPaths} from "./commands/paths.ts";
import {addServe} from "./commands/serve.ts";
import {note} from "./commands/print.ts";
import {UsageError} from "./commands/usage.ts";

/** The command line. Ends with status 2 for a usage error and 1 for a failure, with one line on stderr. */

const program = new Command("orrery")
  .description("A workbench for looking inside recurrent-depth language models: capture their states, analyse the trajectories, show them.")
  .version(software.version)
  .exitOverride()
  .configureOutput({outputError: (text, write) => write(`${errorLine(text.replace(/^error: /, ""))}\n`)})
  .showHelpAfterError(false);

addServe(program);
addCapture(program);
addAnalyze(program);
addPaths(program);
addExport(program);
addImport(program);

for (const command of program.commands) command.copyInheritedSettings(program);

process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1)); // the reader of a pipe may leave

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = statusOf(error);
}

function statusOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // it has spoken already
  note(errorLine(error));
  return error instanceof UsageError ? 2 : 1;
}
