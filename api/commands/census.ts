import {basename, join} from "node:path";
import {Option, type Command} from "commander";
import {z} from "zod";
import {captureBounds, initKinds} from "../../capture/bounds.ts";
import {createModelKeeper} from "../../capture/engine/modelKeeper.ts";
import type {ComputeDtype, Device, EngineKind} from "../../capture/engine/choices.ts";
import {censusOfPrompts, censusOfTraces} from "../census/census.ts";
import {makeCensus, openCensus, rowFilesIn, shardsOf, type OpenCensus, type Source} from "../census/censusFolder.ts";
import {runCensus} from "../census/runCensus.ts";
import {throughWorkers} from "../census/throughWorkers.ts";
import {workInProcesses, type Part} from "../census/workParts.ts";
import {readPromptFile} from "../captures/promptFile.ts";
import {checkLine} from "../contract/checkLine.ts";
import {keepBounds, shardBounds} from "../contract/censusBounds.ts";
import {censusOptions, type CensusManifest, type CensusSummary} from "../contract/censusSchemas.ts";
import {askPlace, shownPlace} from "../files/places.ts";
import {newName} from "../runs/newName.ts";
import {stopSignal} from "./askedToStop.ts";
import {counted} from "../../capture/trace/counted.ts";
import {interimNote} from "./interimNote.ts";
import {modelFolder} from "./modelFolder.ts";
import {deviceOption, dtypeOption, engineOption, examples, seedOption, wholeOption} from "./options.ts";
import {note, print, printJson} from "./print.ts";
import {createProgress} from "./progress.ts";
import {asUsageErrors, UsageError, userFolder, userPath} from "./usage.ts";
import {titleOfFile} from "../contract/titleOfFile.ts";

interface CensusCommandOptions {
  readonly model?: string;
  readonly prompts?: string;
  readonly from?: string;
  readonly steps: number;
  readonly inits: number;
  readonly init: string;
  readonly seed: number;
  readonly site: string;
  readonly engine: EngineKind;
  readonly dtype: ComputeDtype;
  readonly device: Device;
  readonly shard: number;
  readonly keep: number;
  readonly sample: number;
  readonly keepMb: number;
  readonly workers: number;
  readonly queue?: string;
  readonly results?: string;
  readonly plan?: boolean;
  readonly title?: string;
  readonly out?: string;
  readonly json?: boolean;
}

export function addCensus(verb: Command): void {
  verb
    .option("--model <folder>", "checkpoint folder, or the name of a model that ships (required, but with --from)")
    .option("--prompts <file>", 'a file of {"prompt": …} lines (required, but with --from)')
    .addOption(
      new Option("--from <folder>", "label traces that were captured elsewhere, in folders of this one").conflicts(["model", "prompts"])
    )
    .addOption(wholeOption("--steps <number>", "recurrent steps", captureBounds.steps))
    .addOption(wholeOption("--inits <number>", "initial states of each prompt", {...captureBounds.inits, usual: 1}))
    .addOption(new Option("--init <kind>", "how initial states are made").choices(initKinds).default(initKinds[0]))
    .addOption(seedOption("seed of the initial states and of the sample"))
    .option("--site <name>", "whose states", "state")
    .addOption(engineOption())
    .addOption(dtypeOption())
    .addOption(deviceOption())
    .addOption(wholeOption("--shard <number>", "prompts of a shard", shardBounds))
    .addOption(wholeOption("--keep <number>", "prompts with an orbit or a slider whose traces are kept at most", keepBounds.traces))
    .addOption(wholeOption("--sample <number>", "other prompts whose traces are kept", keepBounds.sample))
    .addOption(wholeOption("--keep-mb <number>", "megabytes of kept traces at most", keepBounds.megabytes))
    .addOption(wholeOption("--workers <number>", "processes that share the work", {least: 1, most: 256, usual: 1}))
    .addOption(
      new Option("--queue <address>", "have it done by the workers of a Redis or Valkey, see `orrery work --queue`").conflicts("workers")
    )
    .option(
      "--results <place>",
      "with --queue, the folder or s3://bucket/prefix of `orrery work --results`: traces that are kept are captured by workers, too"
    )
    .option("--plan", "only write the plan; `orrery work` then does the parts, and this command without --plan ends it")
    .option("--title <text>", "what to call the census")
    .option("--out <folder>", "the census's folder, or s3://bucket/prefix: new, or one to go on with (default: a new one in censuses/)")
    .option("--json", "print one JSON document on stdout and nothing else")
    .addHelpText(
      "after",
      examples(
        "census --model tiny-arithmetic --prompts prompts.jsonl --steps 64 --workers 2 --out sums",
        "census --from runs --out survey"
      )
    )
    .action(census);
}

async function census(given: CensusCommandOptions): Promise<void> {
  for (const place of [given.out, given.results]) if (place !== undefined) await asUsageErrors(askPlace(userPath(place))); // before anything is looked at
  const {manifest, sources} = await asUsageErrors(demanded(given));
  const dir = await userFolder(given.out ?? join("censuses", newName(new Date(), manifest.title ?? "census")));
  await asUsageErrors(makeCensus(dir, manifest, sources));
  const done = await openCensus(dir);
  if (given.plan)
    return print(`${shardsOf(manifest)} shards: orrery work ${dir} --part I/N for I from 1 to N, then the same command without --plan`);
  const summary = await run(done, given);
  await (given.json ? printJson({census: dir, ...summary}) : tell(summary, dir));
}

async function demanded(given: CensusCommandOptions): Promise<{readonly manifest: CensusManifest; readonly sources: readonly Source[]}> {
  const {model, prompts, from, engine, dtype, device, steps, inits, seed, site, shard, title} = given;
  const demand = {
    ...{engine, dtype, device, steps, inits, seed, site, shard, title: title ?? defaultTitle(prompts ?? from)},
    init: {kind: given.init, scale: captureBounds.scale.usual},
    keep: {traces: given.keep, sample: given.sample, megabytes: given.keepMb}
  };
  const options = z.object(censusOptions).safeParse(demand);
  if (!options.success) throw new UsageError(checkLine(options.error, demand));
  if (given.results !== undefined && given.queue === undefined)
    throw new UsageError("invalid --results: traces travel only through a queue; expected --queue beside it");
  if (from !== undefined && given.queue !== undefined)
    throw new UsageError("invalid --queue: traces are labelled where they lie; expected --model and --prompts beside it");
  if (from !== undefined) {
    const {skipped, ...found} = await censusOfTraces(await userFolder(from), options.data);
    for (const {name, error} of skipped) note(`skipped: ${name}: ${error}`);
    return found;
  }
  if (model === undefined || prompts === undefined) throw new UsageError("missing source: expected --model and --prompts, or --from");
  const sources = await readPromptFile(userPath(prompts));
  const {manifest} = await censusOfPrompts(await modelFolder(model), sources, options.data);
  return {manifest, sources};
}

const defaultTitle = (path: string | undefined): string | undefined => path && titleOfFile(path);

async function run(census: OpenCensus, {workers, queue, results}: CensusCommandOptions): Promise<CensusSummary> {
  const {dir, manifest, sources} = census;
  const signal = stopSignal();
  const models = createModelKeeper({log: note});
  const progress = createProgress(basename(dir), sources.length, {unit: "prompt"});
  const interim = interimNote(dir);
  let finished = 0;
  const {model, engine, dtype, device} = {...manifest, model: manifest.model.folder};
  const inProcesses = (onPrompts: (count: number) => void) =>
    workInProcesses((part) => workCommand(dir, part), {of: workers, signal, onPrompt: () => onPrompts(1)});
  try {
    const made = runCensus(census, {
      model,
      engine: () => models.engineFor({model, engine, dtype, device}),
      signal,
      make: workers > 1 ? inProcesses : undefined,
      ...(queue !== undefined &&
        throughWorkers(census, {queue, results: results === undefined ? undefined : userPath(results), signal, log: note})),
      onProgress(done, secondsLeft) {
        finished = done;
        if (secondsLeft !== null) progress.tell(done, secondsLeft, interim());
      }
    });
    return await (queue === undefined ? made : asUsageErrors(made));
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Error(`cancelled after ${finished} of ${sources.length} prompts; the same command with --out ${dir} goes on`, {cause: error});
  } finally {
    progress.end();
    await models.dispose();
  }
}

const workCommand = (dir: string, {part, of}: Part): string[] => [
  process.execPath,
  ...process.execArgv,
  process.argv[1],
  "work",
  dir,
  "--part",
  `${part}/${of}`
];

async function tell(
  {labels, rows, prompts, tokens, alpha, expected_false, not_finite, associations, kept}: CensusSummary,
  dir: string
): Promise<void> {
  await print(
    `${counted(rows, "trajectory", "trajectories")} of ${counted(tokens, "token")} in ${counted(prompts, "prompt")} (labels at q ≤ ${alpha} over all of them)`
  );
  for (const [label, {count, share, low, high}] of Object.entries(labels))
    await print(`${label.padEnd(12)} ${String(count).padStart(9)}  ${percent(share ?? 0)} [${percent(low)}, ${percent(high)}]`);
  await print(`expected to be false: at most ${figure(expected_false)} of the labels that claim something`);
  if (not_finite > 0) await print(`${not_finite} without a label: a number is not finite`);
  const telling = associations
    .filter(({q, label}) => q <= 0.05 && label !== "unsettled")
    .sort((a, b) => a.q - b.q || (a.group < b.group ? -1 : 1));
  for (const {by, group, label, table, odds_ratio, interval, q} of telling.slice(0, 10)) {
    const odds = `odds ratio ${odds_ratio === null ? "∞" : figure(odds_ratio)}${interval ? ` [${interval.map(figure).join(", ")}]` : ""}`;
    await print(`${by} ${JSON.stringify(group)} is ${label}: ${table[0][0]} of ${table[0][0] + table[0][1]}, ${odds}, q ${figure(q)}`);
  }
  await print(
    `${counted(kept.length, "trace")} kept. Rows: ${shownPlace(join(dir, "rows"))}, ${counted((await rowFilesIn(dir)).length, "Parquet file")}`
  );
}

const figure = (value: number): string => String(Number(value.toPrecision(3)));
const percent = (share: number): string => `${(100 * share).toPrecision(3)} %`;
