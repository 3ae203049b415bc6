import type {Command} from "commander";

/** A verb of the command line, as the list of all verbs tells it. */
interface Verb {
  /** Its name and what it must be told. */
  readonly usage: string;
  readonly says: string;
  /** Loads what gives its command the options, the examples and the deed: some bring half a second of libraries. */
  readonly complete: () => Promise<(verb: Command) => void>;
}

/** The verbs in the order of the help. */
export const verbs: Readonly<Record<string, Verb>> = {
  serve: {
    usage: "serve",
    says: "serve the page and the API: to this machine, or with a token to others (docs/remote.md)",
    complete: async () => (await import("./serve.ts")).addServe
  },
  open: {
    usage: "open <path>",
    says: "show a run in the page: one by its name, a trace folder, a safetensors, .npy, .npz or Parquet file of states, a huginn-research run folder; what lies elsewhere is imported. A report is shown as it is. Serves the page, where nobody serves the runs folder yet",
    complete: async () => (await import("./open.ts")).addOpen
  },
  token: {
    usage: "token <name>",
    says: "make a person's token for a lab server, and print it; who has one gets another, and the old one ends; the file keeps only its hash (docs/remote.md)",
    complete: async () => (await import("./token.ts")).addToken
  },
  models: {
    usage: "models",
    says: "list the models that can be captured from: those that ship, and those in folders of yours",
    complete: async () => (await import("./models.ts")).addModels
  },
  runs: {
    usage: "runs",
    says: "list the runs, newest first, and those that ship; each name stands for its run in the other verbs",
    complete: async () => (await import("./runs.ts")).addRuns
  },
  capture: {
    usage: "capture",
    says: "run a model over a prompt and keep every state as a trace folder",
    complete: async () => (await import("./capture.ts")).addCapture
  },
  generate: {
    usage: "generate",
    says: "tokens after a prompt, with as many steps for each as asked for, or as an exit rule lets them take",
    complete: async () => (await import("./generate.ts")).addGenerate
  },
  eval: {
    usage: "eval",
    says: "accuracy by depth: every item of a task at each number of steps, under exit rules and cache strategies. Goes on where it was interrupted, given the same --out",
    complete: async () => (await import("./eval.ts")).addEval
  },
  census: {
    usage: "census",
    says: "label every token of a data set: a row for each trajectory as Parquet, false discoveries controlled over all of them. Goes on where it was interrupted, given the same --out",
    complete: async () => (await import("./census.ts")).addCensus
  },
  compare: {
    usage: "compare <census> <other>",
    says: "two finished censuses side by side: the share of each label, in all and by class of token, the difference with its interval (prompts as clusters, as pairs where they are the same), and the labels of the same tokens crossed",
    complete: async () => (await import("./compare.ts")).addCompare
  },
  work: {
    usage: "work [census]",
    says: "work for others: one part of a census that `orrery census --plan` made, or, with --queue, whatever is in line for the models here (captures, experiments, evaluations, censuses), until it is told to end",
    complete: async () => (await import("./work.ts")).addWork
  },
  train: {
    usage: "train <recipe>",
    says: "train a small looped model from a recipe, a JSON file. Goes on where it was interrupted, given the same --out",
    complete: async () => (await import("./train.ts")).addTrain
  },
  analyze: {
    usage: "analyze <run-or-file>",
    says: "label every trajectory of a run, or of a safetensors, .npy, .npz or Parquet file that holds `state` [steps, (inits, tokens,) width]",
    complete: async () => (await import("./analyze.ts")).addAnalyze
  },
  project: {
    usage: "project <runs...>",
    says: "draw a run's trajectories in few dimensions: `points` [steps, inits, tokens, dims]; several runs, or the traces that a census kept, in one picture: `points`, `points.1` and so on",
    complete: async () => (await import("./project.ts")).addProject
  },
  spectrum: {
    usage: "spectrum <run>",
    says: "leading eigenvalues of the core step's Jacobian at a run's last state: of each token's own block, and of the whole sequence",
    complete: async () => (await import("./spectrum.ts")).addSpectrum
  },
  gate: {
    usage: "gate <run>",
    says: "what a model's own exit gate says of a run: when each token would leave the loop, and what is read in the mean over the exits",
    complete: async () => (await import("./gate.ts")).addGate
  },
  paths: {
    usage: "paths",
    says: "does the model reach the same place from wherever it starts? Goes on where it was interrupted, given the same --out",
    complete: async () => (await import("./paths.ts")).addPaths
  },
  report: {
    usage: "report <folder>",
    says: "write a run, an experiment, a census or a training as one HTML file that stands on its own, with its data inside; a folder of trainings is held against the one whose model is the authors' own",
    complete: async () => (await import("./report.ts")).addReport
  },
  bundle: {
    usage: "bundle <runs...>",
    says: "write runs as a gallery: a folder that any web server gives out as it is, in which each run opens as on the page, with its labels, pictures, readouts, notes and report; states are read by HTTP ranges where the server has them",
    complete: async () => (await import("./bundle.ts")).addBundle
  },
  export: {
    usage: "export <run>",
    says: "write a run for other tools: all its tensors (npz, safetensors), or a table of its measures and principal components",
    complete: async () => (await import("./export.ts")).addExport
  },
  import: {
    usage: "import <path>",
    says: "make a trace folder of a trace, a safetensors, .npy, .npz or Parquet file, or a huginn-research run folder; or read the summary out of a report",
    complete: async () => (await import("./import.ts")).addImport
  }
};
