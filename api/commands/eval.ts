import {existsSync} from "node:fs";
import {basename, join} from "node:path";
import {Option, type Command} from "commander";
import {z} from "zod";
import type {ComputeDtype, Device, EngineKind} from "../../capture/engine/choices.ts";
import {createModelKeeper} from "../../capture/engine/modelKeeper.ts";
import {checkLine} from "../contract/checkLine.ts";
import {evalBounds, USUAL_DEPTHS} from "../contract/evalBounds.ts";
import {evalOptions} from "../contract/evalSchemas.ts";
import {evalDocument} from "../eval/evalDocument.ts";
import {evalRow} from "../eval/evalRow.ts";
import {itemsCsv, summaryCsv} from "../eval/evalCsv.ts";
import {createEval} from "../eval/evalFolder.ts";
import {evaluate, type Evaluated} from "../eval/evaluation.ts";
import {evalTables} from "../eval/evalTables.ts";
import {prepareEval} from "../eval/prepareEval.ts";
import {shippedTask, shippedTasks} from "../eval/shippedTasks.ts";
import {readTask} from "../eval/taskFile.ts";
import {newName} from "../runs/newName.ts";
import {stopSignal} from "./askedToStop.ts";
import {modelFolder} from "./modelFolder.ts";
import {deviceOption, dtypeOption, engineOption, seedOption, examples} from "./options.ts";
import {note, print, printJson, printPart} from "./print.ts";
import {createProgress} from "./progress.ts";
import {asUsageErrors, nameList, UsageError, userPath, wholeNumber} from "./usage.ts";
import {titleOfFile} from "../contract/titleOfFile.ts";

const CSVS = ["settings", "items"] as const;

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
  readonly csv?: (typeof CSVS)[number] | true;
}

const depths = (text: string): number[] => text.split(",").map(wholeNumber(evalBounds.steps));

export function addEval(verb: Command): void {
  verb
    .requiredOption("--model <folder>", "checkpoint folder, or the name of a model that ships")
    .requiredOption(
      "--task <file>",
      'a file of {"prompt": …, "answer": …} lines, the same with "choices", or lm-evaluation-harness\'s samples; or the name of a task that ships'
    )
    .option("--steps <numbers>", "depths, joined by commas", depths, [...USUAL_DEPTHS])
    .option("--exit <rules>", "exit rules, joined by commas, each at the largest depth: kl, latent-diff:0.05, …", nameList)
    .option("--kv <strategies>", "cache strategies, joined by commas, each at the largest depth", nameList)
    .option("--max-new <number>", "tokens of an answer at most (default: as many as the right one has)", wholeNumber(evalBounds.maxNew))
    .option("--limit <number>", "only the first items", wholeNumber(evalBounds.limit))
    .addOption(seedOption("seed of the initial states"))
    .addOption(engineOption())
    .addOption(dtypeOption())
    .addOption(deviceOption())
    .option("--title <text>", "what to call the evaluation")
    .option("--out <folder>", "the evaluation's folder: new, or one to go on with (default: a new one in evaluations/)")
    .addOption(
      new Option("--csv [what]", "print CSV on stdout and nothing else: a line for each setting and task, or for each item").choices(CSVS)
    )
    .option("--json", "print one JSON document on stdout and nothing else")
    .addHelpText(
      "after",
      examples(
        "eval --model tiny-arithmetic --task arithmetic",
        "eval --model DIR --task samples_gsm8k.jsonl --steps 4,16,64 --exit kl --csv"
      )
    )
    .action(runEval);
}

async function runEval(given: EvalCommandOptions): Promise<void> {
  const {model, task, exit, kv, limit, maxNew, json, csv, title = titleOfFile(task)} = given;
  if (json && csv) throw new UsageError("invalid options: --json and --csv; expected one of them");
  const items = (await asUsageErrors(readTask(await taskPath(task)))).slice(0, limit);
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
  const folder = await modelFolder(model);
  const {spec} = await asUsageErrors(prepareEval({model: folder, items, options: options.data}, () => new Date()));
  await createEval(dir, spec, items);
  const evaluated = await answered(dir, folder, items.length);
  if (json) await printJson(evalDocument(evaluated, {evaluation: dir}));
  else if (csv) await printCsv(csv === "items" ? itemsCsv(spec, rowsOf(evaluated)) : summaryCsv(spec, evaluated.summary));
  else {
    for (const line of evalTables(evaluated.summary, spec.model.trained_steps)) await print(line);
    await print(`Results: ${dir}`);
  }
}

/** The file of a task that ships, or the user's own. */
async function taskPath(task: string): Promise<string> {
  const path = (await shippedTask(task)) ?? userPath(task);
  if (!existsSync(path))
    throw new UsageError(
      `unknown task: ${task}; expected a file, or one that ships: ${(await shippedTasks()).map(({name}) => name).join(", ")}`
    );
  return path;
}

const rowsOf = ({spec, items, results}: Evaluated) => results.map((result) => evalRow(spec, items[result.index], result));

/** Evaluates with a bar of its progress; an interrupt keeps what is finished, and says how to go on. */
async function answered(dir: string, model: string, count: number): Promise<Evaluated> {
  const signal = stopSignal();
  const models = createModelKeeper({log: note});
  const progress = createProgress(basename(dir), count, {unit: "item"});
  let finished = 0;
  try {
    return await evaluate(dir, {
      model,
      engine: (choice) => models.engineFor(choice),
      signal,
      onProgress: (told) => {
        finished = told.finished;
        progress.tell(told.finished, told.secondsLeft);
      }
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Error(`cancelled after ${finished} of ${count} items; the same command with --out ${dir} goes on`, {cause: error});
  } finally {
    progress.end();
    await models.dispose();
  }
}

/** As it is for a file or a program; on a terminal, what that would obey is written out. */
async function printCsv(text: string): Promise<void> {
  if (process.stdout.isTTY) printPart(text);
  else await new Promise<void>((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())));
}
