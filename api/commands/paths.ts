import {basename, join} from "node:path";
import type {Command} from "commander";
import {z} from "zod";
import type {PathsSummary} from "../../analysis/paths/summary.ts";
import type {ComputeDtype, Device, EngineKind} from "../../capture/engine/choices.ts";
import {answerTimes, experimentBounds, experimentLists} from "../contract/experimentBounds.ts";
import {checkLine} from "../contract/checkLine.ts";
import {runExperiment, type ExperimentRequest} from "../experiments/experiment.ts";
import {readExperiment, readResultTexts} from "../experiments/experimentFolder.ts";
import {experimentOptions, type ExperimentSpec} from "../contract/experimentSchemas.ts";
import {summarySentences} from "../experiments/summarySentences.ts";
import {newName} from "../runs/newName.ts";
import {readPromptLines} from "../captures/promptFile.ts";
import {stopSignal} from "./askedToStop.ts";
import {modelFolder} from "./modelFolder.ts";
import {print} from "./print.ts";
import {createProgress} from "./progress.ts";
import {
  choiceOption,
  deviceOption,
  dtypeOption,
  engineOption,
  examples,
  listOption,
  numberOption,
  seedOption,
  wholeOption
} from "./options.ts";
import {printSensitivity} from "./sensitivity.ts";
import {asUsageErrors, number, numberList, UsageError, userPath, wholeNumber} from "./usage.ts";
import {titleOfFile} from "../contract/titleOfFile.ts";

interface PathsOptions {
  readonly model: string;
  readonly prompts: string;
  readonly out?: string;
  readonly title?: string;
  readonly steps: number;
  readonly inits: number;
  readonly seed: number;
  readonly noise: number;
  readonly swaps: number;
  readonly scales: number[];
  readonly scaleInits: number;
  readonly constants: number[];
  readonly tolerance: number;
  readonly resamples: number;
  readonly engine: EngineKind;
  readonly dtype: ComputeDtype;
  readonly device: Device;
  readonly answers: (typeof answerTimes)[number];
  readonly keep: number[];
  readonly workers?: number;
  readonly batch?: number;
  readonly sensitivity?: number;
  readonly json?: boolean;
}

export function addPaths(verb: Command): void {
  verb
    .requiredOption("--model <folder>", "checkpoint folder, or the name of a model that ships")
    .requiredOption("--prompts <file>", 'a file of {"prompt": …} lines; with "answer" the landscape is judged too')
    .addOption(wholeOption("--steps <number>", "recurrent steps", experimentBounds.steps))
    .addOption(wholeOption("--inits <number>", "random starts as the model itself makes them", experimentBounds.inits))
    .addOption(seedOption("seed of everything that is drawn"))
    .addOption(wholeOption("--noise <number>", "starts of normal numbers with the input's spread, for AA(noise)", experimentBounds.noise))
    .addOption(wholeOption("--swaps <number>", "starts at other prompts' final states, for AA(swap)", experimentBounds.swaps))
    .addOption(
      listOption("--scales <numbers>", "further scales of the initial state, joined by commas; 0 is the zero state", experimentLists.scales)
    )
    .addOption(wholeOption("--scale-inits <number>", "starts at each further scale", experimentBounds.scale_inits))
    .addOption(listOption("--constants <numbers>", "starts with one number everywhere, joined by commas", experimentLists.constants))
    .addOption(numberOption("--tolerance <number>", "relative distance up to which two places count as one", experimentBounds.tolerance))
    .addOption(wholeOption("--resamples <number>", "bootstrap draws behind each interval", experimentBounds.resamples))
    .addOption(engineOption())
    .addOption(dtypeOption())
    .addOption(deviceOption())
    .addOption(choiceOption("--answers <when>", "decode answers at every step or at the last one", answerTimes))
    .option("--keep <numbers>", "prompts, from 0, whose states are kept as traces", numberList, [])
    .option(
      "--workers <number>",
      "prompts computed at a time (default: the cores for small models, 1 for large ones)",
      wholeNumber({least: 1, most: 256})
    )
    .option(
      "--batch <number>",
      "starts computed in one pass, to save memory; the results are the same with any",
      wholeNumber({least: 1, most: 1_000_000})
    )
    .option(
      "--sensitivity <number>",
      "what becomes of starts this share of the model's own start away, instead; also for models in which another start is another input",
      number({least: 1e-6, most: 1})
    )
    .option("--title <text>", "what to call the experiment")
    .option("--out <folder>", "the experiment's folder: new, or one to go on with (default: a new one in experiments/)")
    .option("--json", "print one JSON document on stdout and nothing else")
    .addHelpText("after", examples("paths --model tiny-arithmetic --prompts prompts.jsonl --out experiments/sums"))
    .action(runPaths);
}

async function runPaths(options: PathsOptions): Promise<void> {
  const request = await requestOf(options);
  const {sensitivity: epsilon, steps, inits: draws, seed, engine, dtype, device, batch, json = false} = options;
  if (epsilon !== undefined)
    return asUsageErrors(printSensitivity({...request, steps, draws, epsilon, seed, engine, dtype, device, batch, json}));
  const dir = userPath(options.out ?? join("experiments", newName(new Date(), request.title)));
  const signal = stopSignal();
  const progress = createProgress(basename(dir), request.prompts.length, {unit: "prompt"});
  try {
    await asUsageErrors(
      runExperiment(dir, request, {
        workers: options.workers,
        batch: options.batch,
        signal,
        onProgress: ({finished, secondsLeft}) => progress.tell(finished, secondsLeft)
      })
    );
  } catch (error) {
    if (!signal.aborted) throw error;
    const {finished, spec} = await readExperiment(dir);
    throw new Error(`cancelled after ${finished} of ${spec.prompts.count} prompts; the same command with --out ${dir} goes on`, {
      cause: error
    });
  } finally {
    progress.end();
  }
  await report(dir, options);
}

async function report(dir: string, {json}: PathsOptions): Promise<void> {
  const {spec, summary} = await readExperiment(dir);
  if (!summary) throw new Error(`missing summary: ${dir}`);
  if (json) return printDocument(dir, spec, summary);
  for (const line of summarySentences(spec, summary)) await print(line);
  await print(`Results: ${dir}`);
}

/** One JSON document, its lines printed as they are read: the results of many prompts need not fit in one text. */
async function printDocument(dir: string, spec: ExperimentSpec, summary: PathsSummary): Promise<void> {
  await print(`{"experiment": ${JSON.stringify(dir)}, "spec": ${JSON.stringify(spec)}, "prompts": [`);
  let before: string | undefined;
  for await (const text of readResultTexts(dir)) {
    if (before !== undefined) await print(`${before},`);
    before = text;
  }
  await print(`${before ?? ""}], "summary": ${JSON.stringify(summary)}}`);
}

async function requestOf({model, prompts: file, title, scaleInits, ...given}: PathsOptions): Promise<ExperimentRequest> {
  const prompts = await asUsageErrors(readPromptLines(userPath(file)));
  const schema = z.object(experimentOptions);
  const options = {...given, scale_inits: scaleInits};
  const parsed = schema.safeParse(options);
  if (!parsed.success) throw new UsageError(checkLine(parsed.error, options));
  return {model: await modelFolder(model), prompts, options: parsed.data, title: title ?? titleOfFile(file)};
}
