import {basename, join} from "node:path";
import type {Command} from "commander";
import {z} from "zod";
import {captureBounds, generateBounds} from "../../capture/bounds.ts";
import type {ComputeDtype, Device, EngineKind} from "../../capture/engine/choices.ts";
import {createModelKeeper} from "../../capture/engine/modelKeeper.ts";
import {checkLine} from "../contract/checkLine.ts";
import {evalOptions, type EvalSummary, type SettingSummary} from "../contract/evalSchemas.ts";
import {evaluate} from "../eval/evaluation.ts";
import {readTask} from "../eval/taskFile.ts";
import {newName} from "../runs/newName.ts";
import {modelFolder} from "./modelFolder.ts";
import {deviceOption, dtypeOption, engineOption, seedOption, examples} from "./options.ts";
import {note, print, printJson} from "./print.ts";
import {createProgress} from "./progress.ts";
import {asUsageErrors, nameList, UsageError, userPath, wholeNumber} from "./usage.ts";

interface EvalCommandOptions {
  readonly model: string;
  readonly task: string;
  readonly steps: number[];
  readonly exit?: string[];
  readonly kv?: string[];
  readonly maxNew?: number;
  readonly limit?: number;
  readonly seed: number;
  readonly engine: EngineKind;
  readonly dtype: ComputeDtype;
  readonly device: Device;
  readonly title?: string;
  readonly out?: string;
  readonly json?: boolean;
}

const depths = (text: string): number[] => text.split(",").map(wholeNumber(captureBounds.steps));

export function addEval(program: Command): void {
  program
    .command("eval")
    .description(
      "accuracy by depth: every item of a task at each number of steps, under exit rules and cache strategies. Goes on where it was interrupted, given the same --out"
    )
    .requiredOption("--model <folder>", "checkpoint folder, or the name of a model that ships")
    .requiredOption(
      "--task <file>",
      'a file of {"prompt": …, "answer": …} lines, the same with "choices", or lm-evaluation-harness\'s samples'
    )
    .option("--steps <numbers>", "depths, joined by commas", depths, [1, 2, 4, 8, 16, 32])
    .option("--exit <rules>", "exit rules, joined by commas, each at the largest depth: kl, latent-diff:0.05, …", nameList)
    .option("--kv <strategies>", "cache strategies, joined by commas, each at the largest depth", nameList)
    .option("--max-new <number>", "tokens of an answer at most (default: as many as the right one has)", wholeNumber(generateBounds.maxNew))
    .option("--limit <number>", "only the first items", wholeNumber({least: 1, most: 1_000_000}))
    .addOption(seedOption("seed of the initial states"))
    .addOption(engineOption())
    .addOption(dtypeOption())
    .addOption(deviceOption())
    .option("--title <text>", "what to call the evaluation")
    .option("--out <folder>", "the evaluation's folder: new, or one to go on with (default: a new one in evaluations/)")
    .option("--json", "print one JSON document on stdout and nothing else")
    .addHelpText("after", examples("eval --model tiny-arithmetic --task fixtures/tasks/TASK.jsonl --steps 1,2,4,8"))
    .action(runEval);
}

async function runEval(given: EvalCommandOptions): Promise<void> {
  const {model, task, exit, kv, limit, maxNew, title = basename(task).replace(/\.\w+$/, "")} = given;
  const items = (await asUsageErrors(readTask(userPath(task)))).slice(0, limit);
  const demand = {
    engine: given.engine,
    dtype: given.dtype,
    device: given.device,
    steps: given.steps,
    exits: exit ?? [],
    kv: kv ?? [],
    max_new: maxNew,
    seed: given.seed,
    title
  };
  const options = z.object(evalOptions).safeParse(demand);
  if (!options.success) throw new UsageError(checkLine(options.error, demand));
  const dir = userPath(given.out ?? join("evaluations", newName(new Date(), title)));
  const abort = new AbortController();
  const interrupt = () => (abort.signal.aborted ? process.exit(1) : abort.abort(new Error("cancelled")));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, interrupt);
  const models = createModelKeeper({log: note});
  const progress = createProgress(basename(dir), items.length, {unit: "item"});
  let finished = 0;
  try {
    const {results, summary} = await asUsageErrors(
      evaluate(
        dir,
        {model: await modelFolder(model), items, options: options.data},
        {
          engine: (choice) => models.engineFor(choice),
          signal: abort.signal,
          onProgress: (told) => {
            finished = told.finished;
            progress.tell(told.finished, told.secondsLeft);
          }
        }
      )
    );
    progress.end();
    await (given.json ? printJson({...summary, evaluation: dir, results}) : tell(summary, dir));
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    throw new Error(`cancelled after ${finished} of ${items.length} items; the same command with --out ${dir} goes on`, {cause: error});
  } finally {
    progress.end();
    await models.dispose();
  }
}

async function tell({steps, exits, caches, lost, items, settling}: EvalSummary, dir: string): Promise<void> {
  const tasks = Object.keys(steps[0].tasks);
  const shown = tasks.length > 1 ? tasks : [];
  await print(row(["setting", "accuracy", ...shown, "steps a token", "bytes of the cache"]));
  for (const setting of [...steps, ...exits, ...caches]) await print(row(cells(setting, shown)));
  await print(`${lost} of ${items} items were right at some depth and wrong at the deepest`);
  if (settling) {
    const [[a, b], [c, d]] = settling.table;
    await print(`settled: ${a} right, ${b} wrong; not settled: ${c} right, ${d} wrong; Fisher's exact p = ${settling.p.toPrecision(2)}`);
  }
  await print(`Results: ${dir}`);
}

function cells(setting: SettingSummary, tasks: readonly string[]): string[] {
  const percent = ({accuracy, standard_error}: {accuracy: number; standard_error: number | null}) =>
    `${(100 * accuracy).toFixed(1)} ± ${standard_error === null ? "?" : (100 * standard_error).toFixed(1)} %`;
  const {steps, exit, kv} = setting;
  const name = [`${steps} steps`, exit, kv === "full" ? undefined : kv].filter(Boolean).join(", ");
  return [
    name,
    percent(setting),
    ...tasks.map((task) => percent(setting.tasks[task])),
    setting.mean_steps.toFixed(2),
    setting.kv_bytes.toFixed(0)
  ];
}

const row = (cells: readonly string[]): string =>
  cells
    .map((cell, i) => (i === 0 ? cell.padEnd(40) : cell.padStart(16)))
    .join("  ")
    .trimEnd();
