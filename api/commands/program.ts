import {Command, Help} from "commander";
import {errorLine} from "../../capture/errorLine.ts";
import {software} from "../../capture/software.ts";

/** The verbs in the order of the help. Each is loaded when it is asked for: some bring half a second of libraries. */
const verbs: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  serve: async () => (await import("./serve.ts")).addServe,
  open: async () => (await import("./open.ts")).addOpen,
  token: async () => (await import("./token.ts")).addToken,
  models: async () => (await import("./models.ts")).addModels,
  runs: async () => (await import("./runs.ts")).addRuns,
  capture: async () => (await import("./capture.ts")).addCapture,
  generate: async () => (await import("./generate.ts")).addGenerate,
  eval: async () => (await import("./eval.ts")).addEval,
  census: async () => (await import("./census.ts")).addCensus,
  compare: async () => (await import("./compare.ts")).addCompare,
  work: async () => (await import("./work.ts")).addWork,
  train: async () => (await import("./train.ts")).addTrain,
  analyze: async () => (await import("./analyze.ts")).addAnalyze,
  project: async () => (await import("./project.ts")).addProject,
  spectrum: async () => (await import("./spectrum.ts")).addSpectrum,
  gate: async () => (await import("./gate.ts")).addGate,
  paths: async () => (await import("./paths.ts")).addPaths,
  report: async () => (await import("./report.ts")).addReport,
  bundle: async () => (await import("./bundle.ts")).addBundle,
  export: async () => (await import("./export.ts")).addExport,
  import: async () => (await import("./import.ts")).addImport
};

/** The program that words are told to, with the verb that they ask for, or with all of them. */
export async function programFor(words: readonly string[]): Promise<Command> {
  const program = new Command("orrery")
    .description(
      "A workbench for looking inside recurrent-depth language models: capture their states, analyse the trajectories, show them."
    )
    .version(software.version)
    .exitOverride()
    .configureOutput({outputError: (text, write) => write(`${errorLine(text.replace(/^error: /, ""))}${offered(program, words, text)}\n`)})
    .configureHelp({optionDescription: (option) => `${Help.prototype.optionDescription(option)}${option.mandatory ? " (required)" : ""}`})
    .showHelpAfterError(false);
  const asked = Object.hasOwn(verbs, words[0] ?? "") ? [verbs[words[0]]] : Object.values(verbs);
  for (const add of await Promise.all(asked.map((load) => load()))) add(program);
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}

/** What there is instead of a verb or an option that is not there. */
function offered(program: Command, words: readonly string[], complaint: string): string {
  const verb = program.commands.find((command) => command.name() === words[0]);
  if (/unknown command/.test(complaint)) return `; one of ${Object.keys(verbs).join(", ")}`;
  return /unknown option/.test(complaint) && verb ? `; one of ${verb.options.map(({long}) => long).join(", ")}` : "";
}
