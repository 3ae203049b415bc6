import {createRequire} from "node:module";
import {availableParallelism, homedir} from "node:os";
import {join} from "node:path";
import {Tensor} from "onnxruntime-node";
import type {Batch} from "../engine.ts";
import type {ComputeDtype, Device} from "../choices.ts";
import type {Checkpoint} from "../../model/checkpoint.ts";
import type {Runner} from "../runner.ts";
import {noTaps, type Taps} from "../../families/huginn/sites.ts";
import {lowerSegment} from "./lowerSegment.ts";
import {openSession} from "./openSession.ts";
import {plansOf} from "./plans.ts";
import type {Segment} from "./segments.ts";
import {weightSourceOf} from "./weightSource.ts";

export interface OnnxRunnerOptions {
  readonly dtype: ComputeDtype;
  readonly device: Device;
  readonly threads?: number;
  readonly cacheFolder?: string;
  readonly log: (line: string) => void;
}

/** Interprets the model by tracing it into ONNX graphs, which onnxruntime-node runs. */
export async function onnxRunner(
  checkpoint: Checkpoint,
  {dtype, device, threads = availableParallelism(), cacheFolder = userCacheFolder(), log}: OnnxRunnerOptions
): Promise<Runner> {
  const {config} = checkpoint;
  const source = await weightSourceOf(checkpoint, {dtype, cacheFolder, log});
  const plans = plansOf(config, {
    isLarge: source.isLarge,
    open: async (traced, segment) =>
      openSession(await lowerSegment(traced, segment, source), {device, threads, files: source.files, cacheFolder, log})
  });
  const feedsOf = batchFeeds();
  if (device !== "cpu") await plans.planFor("norm", noTaps); // the smallest stage: an absent device is found out now

  return {
    info: {name: "onnxruntime-node", version: versionOfRuntime(), device, threads},
    async run(stage, inputs, {inits, tokens, step, taps}) {
      const plan = await plans.planFor(stage, taps);
      const live = new Map<string, Tensor>(feedsOf({inits, tokens}));
      plan.traced.inputs.forEach((name, i) => live.set(name, tensorOf(inputs[i], inits * tokens)));
      for (const {segment, session} of plan.parts) {
        if (session) {
          const feeds = Object.fromEntries(segment.inputs.map((name) => [name, tensorAt(live, name)]));
          for (const [name, tensor] of Object.entries(await session.run(feeds, segment.outputs))) live.set(name, tensor);
        }
        showSites(segment, live, taps, step);
      }
      return plan.traced.outputs.map((name) => floatsOf(tensorAt(live, name)));
    },
    dispose: () => plans.dispose()
  };
}

function showSites({sites}: Segment, live: Map<string, Tensor>, {tap, records, changes}: Taps, step: number): void {
  for (const {name, value} of sites) {
    if (!records.includes(name) && !changes.includes(name)) continue; // recorded for another caller
    const tensor = tensorAt(live, value);
    const changed = tap(name, step, floatsOf(tensor));
    if (changed === undefined || !changes.includes(name)) continue;
    if (changed.length !== tensor.size)
      throw new RangeError(`invalid value for ${name}: ${changed.length} numbers; expected ${tensor.size}`);
    live.set(value, new Tensor("float32", changed, tensor.dims));
  }
}

function tensorOf(input: Float32Array | readonly number[], rows: number): Tensor {
  if (input instanceof Float32Array) return new Tensor("float32", input, [rows, input.length / rows]);
  return new Tensor("int64", BigInt64Array.from(input, BigInt), [rows]);
}

function tensorAt(live: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const tensor = live.get(name);
  if (!tensor) throw new Error(`value not computed: ${name}`);
  return tensor;
}

function floatsOf({data}: Tensor): Float32Array {
  if (!(data instanceof Float32Array)) throw new TypeError("unexpected tensor type; expected float32");
  return data;
}

/** The inputs that follow from the batch, made once for as long as the batch stays the same. */
function batchFeeds(): (batch: Batch) => ReadonlyMap<string, Tensor> {
  let last: (Batch & {readonly feeds: ReadonlyMap<string, Tensor>}) | undefined;
  return ({inits, tokens}) => {
    if (last?.inits === inits && last.tokens === tokens) return last.feeds;
    const positions = BigInt64Array.from({length: inits * tokens}, (_, row) => BigInt(row % tokens));
    const mask = Float32Array.from({length: tokens * tokens}, (_, i) => (i % tokens > Math.floor(i / tokens) ? -Infinity : 0));
    const feeds = new Map<string, Tensor>([
      ["batch_shape", new Tensor("int64", BigInt64Array.of(BigInt(inits), BigInt(tokens), -1n), [3])],
      ["positions", new Tensor("int64", positions, [inits, tokens])],
      ["causal_mask", new Tensor("float32", mask, [tokens, tokens])]
    ]);
    last = {inits, tokens, feeds};
    return feeds;
  };
}

const userCacheFolder = (): string => process.env.ORRERY_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "orrery");

function versionOfRuntime(): string {
  const {version} = createRequire(import.meta.url)("onnxruntime-node/package.json") as {version: string};
  return version;
}
