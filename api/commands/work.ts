import {join} from "node:path";
import {Option, type Command} from "commander";
import type {Device} from "../../capture/engine/choices.ts";
import {createModelKeeper} from "../../capture/engine/modelKeeper.ts";
import {openCensus} from "../census/censusFolder.ts";
import {connectQueue, shownAddress} from "../census/queue/queueConnection.ts";
import {workersOn} from "../census/queue/queueCoordinator.ts";
import {workQueue} from "../census/queue/queueWorker.ts";
import {hashOfModel, refuseOtherModel} from "../census/sameModel.ts";
import {parsePart, workPart} from "../census/workParts.ts";
import {createModelStore} from "../models/modelStore.ts";
import {shippedModels} from "../models/shipped.ts";
import {modelFolder} from "./modelFolder.ts";
import {deviceOption, each, examples} from "./options.ts";
import {note, print, printJson} from "./print.ts";
import {asUsageErrors, UsageError, userPath} from "./usage.ts";

interface WorkOptions {
  readonly part?: string;
  readonly model?: string;
  readonly queue?: string;
  readonly models: readonly string[];
  readonly device: Device;
  readonly list?: boolean;
  readonly json?: boolean;
}

export function addWork(program: Command): void {
  program
    .command("work [census]")
    .description(
      "work for censuses: one part of a folder that `orrery census --plan` made, or, with --queue, whatever is in line, until it is told to end"
    )
    .option("--part <I/N>", "which of N equal parts of the folder's shards")
    .option("--model <folder>", "the checkpoint's folder here (default: where the plan has it)")
    .addOption(new Option("--queue <address>", "a Redis or Valkey, as redis://host:6379").conflicts(["part", "model"]))
    .option("--models <folder>", "with --queue, a folder of checkpoint folders, beside those that ship; may be given again", each, [])
    .addOption(deviceOption())
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
  return workInFolder(userPath(target), given.part, given.model);
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
      signal: untilTold(),
      onPrompt: () => process.send?.("prompt")
    });
  } finally {
    await models.dispose();
  }
  if (process.connected) process.disconnect?.();
}

async function workForQueue(address: string, {models: folders, device}: WorkOptions): Promise<void> {
  const models = await modelsIn([...folders.map(userPath), ...shippedModels]);
  const redis = await asUsageErrors(connectQueue(address, {onLost: note}));
  note(`working for ${shownAddress(address)} on ${device} with ${[...models.keys()].join(", ")}`);
  try {
    await workQueue(redis, {models, device, signal: untilTold(), log: note});
  } finally {
    redis.disconnect();
  }
}

async function listWorkers(address: string, {json}: WorkOptions): Promise<void> {
  const redis = await asUsageErrors(connectQueue(address));
  try {
    const workers = await workersOn(redis);
    if (json) return await printJson(workers);
    if (workers.length === 0) await print(`nobody works for ${shownAddress(address)}`);
    for (const {id, host, pid, device, models, shard, prompts, since, heartbeat} of workers)
      await print(
        `${id} ${host} process ${pid}, ${device}, ${Object.keys(models).join(", ")}: ${shard ?? "waits"}, ${prompts} prompts since ${since}, seen ${heartbeat}`
      );
  } finally {
    redis.disconnect();
  }
}

function untilTold(): AbortSignal {
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => abort.abort(new Error("cancelled")));
  return abort.signal;
}

/** Checkpoints that can be used, by name; the first of a name counts. */
async function modelsIn(roots: readonly string[]): Promise<Map<string, {readonly folder: string; readonly hash: string}>> {
  const store = createModelStore(roots);
  const found = new Map<string, {folder: string; hash: string}>();
  for (const {name, error} of await store.list()) {
    if (error !== null) note(`skipped: ${name}: ${error}`);
    else {
      const folder = await store.find(name);
      found.set(name, {folder, hash: await hashOfModel(folder)});
    }
  }
  if (found.size === 0)
    throw new UsageError(`no model: expected a checkpoint folder in ${roots.map((root) => join(root, "…")).join(", ")}`);
  return found;
}
