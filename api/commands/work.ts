import {join} from "node:path";
import {InvalidArgumentError, Option, type Command} from "commander";
import {computeDtypes, devices as devicesKnown, type Device} from "../../capture/engine/choices.ts";
import {createModelKeeper} from "../../capture/engine/modelKeeper.ts";
import {visible} from "../../capture/trace/visible.ts";
import {openCensus} from "../census/censusFolder.ts";
import {shownAddress} from "../../capture/withoutSecrets.ts";
import {machineBytes} from "../../capture/service/sizeBounds.ts";
import {refuseOtherModel} from "../census/sameModel.ts";
import {parsePart, workPart} from "../census/workParts.ts";
import {askPlace, shownPlace} from "../files/places.ts";
import {loadedBytes, weighed} from "../models/loadedBytes.ts";
import {createModelStore} from "../models/modelStore.ts";
import {shippedModels} from "../models/shipped.ts";
import {connectQueue} from "../queue/shared/queueConnection.ts";
import {workersOn} from "../queue/shared/workersOn.ts";
import {workQueue, type WorkingLane} from "../worker/queueWorker.ts";
import {stopSignal} from "./askedToStop.ts";
import {modelFolder} from "./modelFolder.ts";
import {each, examples} from "./options.ts";
import {note, print, printJson} from "./print.ts";
import {asUsageErrors, number, UsageError, userFolder, userPath} from "./usage.ts";

interface WorkOptions {
  readonly part?: string;
  readonly model?: string;
  readonly queue?: string;
  readonly models: readonly string[];
  readonly device: readonly Device[];
  readonly memory?: number;
  readonly results?: string;
  readonly list?: boolean;
  readonly json?: boolean;
}

export function addWork(verb: Command): void {
  verb
    .option("--part <I/N>", "which of N equal parts of the folder's shards (required: the folder and this, or --queue)")
    .option("--model <folder>", "the checkpoint's folder here (default: where the plan has it)")
    .addOption(new Option("--queue <address>", "a Redis or Valkey, as redis://host:6379").conflicts(["part", "model"]))
    .option("--models <folder>", "with --queue, a folder of checkpoint folders, beside those that ship; may be given again", each, [])
    .addOption(
      new Option("--device <name>", "with --queue, where to compute; may be given again (default: cpu)")
        .argParser(oneOfDevices)
        .default([], "cpu")
    )
    .option("--memory <GB>", "with --queue, what a model may take at most (default: this machine's)", number({least: 0.001, most: 1e6}))
    .option(
      "--results <place>",
      "with --queue, a folder or s3://bucket/prefix to put runs into, the same as the server's: captures are done then, too"
    )
    .option("--list", "with --queue, only tell who works on it")
    .option("--json", "with --list, print one JSON document on stdout and nothing else")
    .addHelpText(
      "after",
      examples("work sums --part 2/8", "work --queue redis://lab:6379 --models /models", "work --queue redis://lab:6379 --list")
    )
    .action(work);
}

async function work(target: string | undefined, given: WorkOptions): Promise<void> {
  if (given.queue !== undefined) {
    if (target !== undefined) throw new UsageError(`invalid census: ${target}; a queue's worker needs no folder`);
    return given.list ? listWorkers(given.queue, given) : workForQueue(given.queue, given);
  }
  if (target === undefined || given.part === undefined)
    throw new UsageError("missing work: expected a census's folder and --part, or --queue");
  return workInFolder(await userFolder(target), given.part, given.model);
}

async function workInFolder(dir: string, text: string, own: string | undefined): Promise<void> {
  const part = await asUsageErrors(Promise.resolve().then(() => parsePart(text)));
  const census = await asUsageErrors(openCensus(dir));
  const {engine, dtype, device, from, model: planned} = census.manifest;
  const model = from === "traces" ? planned.folder : await modelFolder(own ?? planned.folder);
  if (from === "captures") await asUsageErrors(refuseOtherModel(model, planned.hash));
  const models = createModelKeeper({log: note});
  try {
    await workPart(census, part, {
      model,
      engine: () => models.engineFor({model, engine, dtype, device}),
      signal: AbortSignal.any([stopSignal(), parentGone()]),
      onPrompt: () => process.send?.("prompt")
    });
  } finally {
    await models.dispose();
  }
  if (process.connected) process.disconnect?.();
}

/** Aborts when the process that shares out the parts is gone, where there is one. */
function parentGone(): AbortSignal {
  const abort = new AbortController();
  process.once("disconnect", () => abort.abort(new Error("the process that gave the part out is gone")));
  process.channel?.unref(); // to listen is no reason to go on
  return abort.signal;
}

async function workForQueue(address: string, {models: folders, device, memory, results}: WorkOptions): Promise<void> {
  const bytes = memory === undefined ? machineBytes() : memory * 1e9;
  const devices = [...new Set(device.length > 0 ? device : [devicesKnown[0]])];
  const place = results === undefined ? undefined : userPath(results);
  if (place !== undefined) await asUsageErrors(askPlace(place));
  const models = await modelsIn([...folders.map(userPath), ...shippedModels]);
  const lanes = lanesOf(models, {devices, bytes, files: place !== undefined});
  if (lanes.length === 0) throw new UsageError(`no model fits: expected one that takes less than ${(bytes / 1e9).toFixed(1)} GB`);
  const redis = await asUsageErrors(connectQueue(address, {onLost: note}));
  const able = [...models].filter(([, {folder}]) => lanes.some((lane) => lane.folder === folder));
  note(`working for ${shownAddress(address)} on ${devices.join(", ")} with ${able.map(([name]) => name).join(", ")}`);
  const own = {devices, memory: bytes, results: place === undefined ? null : shownPlace(place), models: hashesOf(able)};
  try {
    await workQueue(redis, {...own, place, lanes, signal: stopSignal(), log: note});
  } finally {
    redis.disconnect();
  }
}

/** What a worker can do: each model on each device in the number formats in which it fits; runs too, where it shares a place for them. */
function lanesOf(
  models: ReadonlyMap<string, FoundModel>,
  {devices, bytes, files}: {readonly devices: readonly Device[]; readonly bytes: number; readonly files: boolean}
): WorkingLane[] {
  return [...models].flatMap(([name, {folder, hash, weights}]) =>
    computeDtypes.flatMap((dtype) => {
      const takes = loadedBytes(weights, dtype);
      if (takes > bytes) {
        note(`skipped: ${name} in ${dtype} takes about ${(takes / 1e9).toFixed(1)} GB of ${(bytes / 1e9).toFixed(1)}`);
        return [];
      }
      return devices.flatMap((device) =>
        (files ? [false, true] : [false]).map((withFiles) => ({folder, hash, dtype, device, files: withFiles}))
      );
    })
  );
}

const hashesOf = (models: readonly (readonly [string, FoundModel])[]): Record<string, string> =>
  Object.fromEntries(models.map(([name, {hash}]) => [name, hash]));

async function listWorkers(address: string, {json}: WorkOptions): Promise<void> {
  const redis = await asUsageErrors(connectQueue(address));
  try {
    const workers = await workersOn(redis);
    if (json) return await printJson(workers);
    if (workers.length === 0) await print(`nobody works for ${shownAddress(address)}`);
    for (const {id, host, pid, devices, models, task, done, since, heartbeat} of workers)
      await print(
        `${id} ${host} process ${pid}, ${devices.join(", ")}, ${Object.keys(models).join(", ")}: ${visible(task ?? "waits")}, ${done} done since ${since}, seen ${heartbeat}`
      );
  } finally {
    redis.disconnect();
  }
}

function oneOfDevices(name: string, before: readonly string[]): string[] {
  if (!(devicesKnown as readonly string[]).includes(name)) throw new InvalidArgumentError(`expected one of ${devicesKnown.join(", ")}`);
  return each(name, before);
}

/** A checkpoint that is here. */
interface FoundModel {
  readonly folder: string;
  readonly hash: string;
  /** How many numbers its weights are. */
  readonly weights: number;
}

/** Checkpoints that can be used, by name; the first of a name counts. */
async function modelsIn(roots: readonly string[]): Promise<Map<string, FoundModel>> {
  const store = createModelStore(roots);
  const found = new Map<string, FoundModel>();
  for (const {name, error} of await store.list()) {
    if (error !== null) note(`skipped: ${name}: ${error}`);
    else {
      const folder = await store.find(name);
      found.set(name, {folder, ...(await weighed(folder))});
    }
  }
  if (found.size === 0)
    throw new UsageError(`no model: expected a checkpoint folder in ${roots.map((root) => join(root, "…")).join(", ")}`);
  return found;
}
