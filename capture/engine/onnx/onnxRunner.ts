import {createRequire} from "node:module";
import {availableParallelism, homedir} from "node:os";
import {join} from "node:path";
import {Tensor} from "../../trace/onnxRuntime.ts";
import type {Checkpoint} from "../../model/checkpoint.ts";
import {noTaps, type Taps} from "../../model/site.ts";
import {isPlaced} from "../attention.ts";
import type {ComputeDtype, Device} from "../choices.ts";
import type {Runner} from "../runner.ts";
import {lensStage, stagesOf, STEP} from "../stages.ts";
import {batchFeeds} from "./batchFeeds.ts";
import {commonKeyWidth, LOOP, loopFeeds, loopGraph} from "./loopGraph.ts";
import {lowerSegment} from "./lowerSegment.ts";
import {openSession} from "./openSession.ts";
import {plansOf} from "./plans.ts";
import type {Segment} from "./segments.ts";
import {traceStage} from "./traceStage.ts";
import {weightSourceOf} from "./weightSource.ts";

interface OnnxRunnerOptions {
  readonly dtype: ComputeDtype;
  readonly device: Device;
  readonly threads?: number;
  readonly cacheFolder?: string;
  readonly largeBytes?: number;
  readonly log: (line: string) => void;
}

/** Interprets the model by tracing it into ONNX graphs, which onnxruntime-node runs. */
export async function onnxRunner(
  checkpoint: Checkpoint,
  {dtype, device, threads = availableParallelism(), cacheFolder = userCacheFolder(), largeBytes, log}: OnnxRunnerOptions
): Promise<Runner> {
  const source = await weightSourceOf(checkpoint, {dtype, cacheFolder, largeBytes, log});
  const plans = plansOf(checkpoint.model, {
    isLarge: source.isLarge,
    open: async (traced, segment, form) => {
      const graph = await lowerSegment(traced, segment, source);
      return openSession(form === "looped" ? loopGraph(graph, traced) : graph, {device, threads, files: source.files, cacheFolder, log});
    }
  });
  const feedsOf = batchFeeds();
  const keyWidth = commonKeyWidth(traceStage(stagesOf(checkpoint.model).get(STEP)!, checkpoint.model, "cached"));
  if (device !== "cpu") await plans.planFor(lensStage(checkpoint.model.lenses.at(-1)!), noTaps); // an absent device is found out now

  return {
    info: {name: "onnxruntime-node", version: versionOfRuntime(), device, threads},
    async run(stage, inputs, {step, taps, ...batch}) {
      const form = batch.cache ? "cached" : isPlaced(batch) ? "masked" : "causal";
      const plan = await plans.planFor(stage, taps, form);
      const {traced, parts} = plan;
      const live = new Map<string, Tensor>();
      traced.inputs.forEach((name, i) => live.set(name, tensorOf(inputs[i], batch.inits * batch.tokens)));
      for (const {segment, session} of parts) {
        if (session) {
          feedsOf(traced, segment.inputs, batch, live);
          const feeds = Object.fromEntries(segment.inputs.map((name) => [name, tensorAt(live, name)]));
          for (const [name, tensor] of Object.entries(await session.run(feeds, segment.outputs))) live.set(name, tensor);
        }
        showSites(segment, live, taps, step);
      }
      for (const {name, keys, values} of traced.attentions)
        batch.cache!.keep(name, {keys: floatsOf(tensorAt(live, keys)), values: floatsOf(tensorAt(live, values))});
      return traced.outputs.slice(0, traced.outputs.length - 2 * traced.attentions.length).map((name) => floatsOf(tensorAt(live, name)));
    },
    several:
      keyWidth === undefined
        ? undefined
        : {
            keyWidth,
            async steps(inputs, {tokens, positions, prefix, count, cache}) {
              const {traced, parts} = await plans.planFor(STEP, noTaps, "looped");
              const session = parts[0].session!;
              const live = loopFeeds(traced, inputs[0], {tokens, count, cache});
              traced.inputs.slice(1).forEach((name, i) => live.set(name, tensorOf(inputs[i + 1], tokens)));
              const placed = {inits: 1, tokens, positions, prefix, cache: {length: cache.length, past: noRows, keep: () => {}}};
              feedsOf(traced, session.inputNames, placed, live);
              const made = await session.run(Object.fromEntries(session.inputNames.map((name) => [name, tensorAt(live, name)])));
              cache.keep({keys: floatsOf(made[LOOP.madeKeys]), values: floatsOf(made[LOOP.madeValues])});
              return floatsOf(made[LOOP.end]);
            }
          },
    dispose: () => plans.dispose()
  };
}

const noRows = () => ({keys: new Float32Array(0), values: new Float32Array(0)}); // a loop picks its rows from all of them

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

const userCacheFolder = (): string => process.env.ORRERY_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "orrery");

function versionOfRuntime(): string {
  const {version} = createRequire(import.meta.url)("onnxruntime-node/package.json") as {version: string};
  return version;
}
