import {Command, CommanderError, Help} from "commander";
import {errorLine} from "../capture/errorLine.ts";
import {software} from "../capture/software.ts";
import {note} from "./commands/print.ts";
import {UsageError} from "./commands/usage.ts";

/** The command line. Ends with status 2 for a usage error and 1 for a failure, with one line on stderr. */

const program = new Command("orrery")
  .description("A workbench for looking inside recurrent-depth language models: capture their states, analyse the trajectories, show them.")
  .version(software.version)
  .exitOverride()
  .configureOutput({outputError: (text, write) => write(`${errorLine(text.replace(/^error: /, ""))}${offered(text)}\n`)})
  .configureHelp({optionDescription: (option) => `${Help.prototype.optionDescription(option)}${option.mandatory ? " (required)" : ""}`})
  .showHelpAfterError(false);

/** The verbs in the order of the help. Each is loaded when it is asked for: some bring half a second of libraries. */
const verbs: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  serve: async () => (await import("./commands/serve.ts")).addServe,
  token: async () => (await import("./commands/token.ts")).addToken,
  models: async () => (await import("./commands/models.ts")).addModels,
  runs: async () => (await import("./commands/runs.ts")).addRuns,
  capture: async () => (await import("./commands/capture.ts")).addCapture,
  generate: async () => (await import("./commands/generate.ts")).addGenerate,
  eval: async () => (await import("./commands/eval.ts")).addEval,
  analyze: async () => (await import("./commands/analyze.ts")).addAnalyze,
  project: async () => (await import("./commands/project.ts")).addProject,
  spectrum: async () => (await import("./commands/spectrum.ts")).addSpectrum,
  gate: async () => (await import("./commands/gate.ts")).addGate,
  paths: async () => (await import("./commands/paths.ts")).addPaths,
  report: async () => (await import("./commands/report.ts")).addReport,
  export: async () => (await import("./commands/export.ts")).addExport,
  import: async () => (await import("./commands/import.ts")).addImport
};

const words = process.argv.length > 2 ? process.argv.slice(2) : ["serve"]; // who says nothing wants to see the page
const asked = Object.hasOwn(verbs, words[0]) ? [verbs[words[0]]] : Object.values(verbs);
for (const add of await Promise.all(asked.map((load) => load()))) add(program);
for (const command of program.commands) command.copyInheritedSettings(program);

process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1)); // the reader of a pipe may leave

try {
  await program.parseAsync(words, {from: "user"});
} catch (error) {
  process.exitCode = statusOf(error);
}

/** What there is instead of a verb or an option that is not there. */
function offered(complaint: string): string {
  const verb = program.commands.find((command) => command.name() === words[0]);
  if (/unknown command/.test(complaint)) return `; one of ${Object.keys(verbs).join(", ")}`;
  return /unknown option/.test(complaint) && verb ? `; one of ${verb.options.map(({long}) => long).join(", ")}` : "";
}

function statusOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // it has spoken already
  note(errorLine(error));
  return error instanceof UsageError ? 2 : 1;
}
