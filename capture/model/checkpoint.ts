import {readFile, stat} from "node:fs/promises";
import {basename, join, resolve} from "node:path";
import {z} from "zod";
import {openSafetensors, TraceFormatError, type SafetensorsFile} from "../trace/safetensors.ts";
import type {Dtype} from "../trace/dtype.ts";
import {ModelFormatError, parseConfig, type ModelConfig} from "../families/huginn/config.ts";
import {weightsOf} from "../families/huginn/weights.ts";

/** Where a weight's bytes lie, as the checkpoint keeps them. */
export interface StoredWeight {
  readonly name: string;
  /** Shape in the model; see WeightSpec. */
  readonly shape: readonly number[];
  readonly dtype: Dtype;
  readonly file: string;
  readonly offsetBytes: number;
  readonly lengthBytes: number;
  /** False where the numbers must be arranged before use, as the query-key bias. */
  readonly asStored: boolean;
}

/** An open checkpoint folder, checked against its config: every weight is there, in its shape. */
export interface Checkpoint {
  readonly folder: string;
  readonly name: string;
  readonly config: ModelConfig;
  /** The config.json as it was read. */
  readonly configJson: unknown;
  readonly weights: ReadonlyMap<string, StoredWeight>;
  /** A weight's numbers, widened exactly to float32, from element `from` on. */
  read(name: string, from?: number, count?: number): Promise<Float32Array>;
  close(): Promise<void>;
}

const MAX_JSON_BYTES = 16_000_000; // a config is a few kB, an index of a thousand tensors some hundred
const floatDtypes: readonly Dtype[] = ["F32", "BF16", "F16"];

const indexSchema = z.object({weight_map: z.record(z.string(), z.string().regex(/^[\w.-]+\.safetensors$/))});

/** Opens a folder with config.json and model.safetensors, or shards under model.safetensors.index.json. Throws a ModelFormatError naming the key or tensor. */
export async function loadCheckpoint(folder: string): Promise<Checkpoint> {
  const configJson = await readJson(join(folder, "config.json"));
  const config = parseConfig(configJson);
  const files = new Map<string, SafetensorsFile>();
  const close = async () => {
    for (const file of files.values()) await file.close();
  };
  try {
    const locate = await openFiles(folder, files);
    const weights = new Map<string, StoredWeight>();
    for (const {name, source, sourceShape, shape} of weightsOf(config)) {
      const fileName = locate(source);
      const file = fileName === undefined ? undefined : files.get(fileName);
      const info = file?.tensors.get(source);
      if (!file || !info || fileName === undefined)
        throw new ModelFormatError(`missing tensor: ${source}; expected [${sourceShape.join(", ")}]`);
      if (info.shape.join() !== sourceShape.join())
        throw new ModelFormatError(
          `unexpected shape of ${source}: [${info.shape.join(", ")}]; the config needs [${sourceShape.join(", ")}]`
        );
      if (!floatDtypes.includes(info.dtype))
        throw new ModelFormatError(`unsupported dtype of ${source}: ${info.dtype}; one of ${floatDtypes.join(", ")}`);
      weights.set(name, {
        name,
        shape,
        dtype: info.dtype,
        file: join(folder, fileName),
        offsetBytes: file.dataStart + info.begin,
        lengthBytes: info.end - info.begin,
        asStored: shape.length === sourceShape.length
      });
    }
    const sources = new Map(weightsOf(config).map(({name, source}) => [name, source]));
    const read = async (name: string, from?: number, count?: number) => {
      const weight = weights.get(name);
      const source = sources.get(name);
      if (!weight || source === undefined) throw new Error(`unknown weight: ${name}`);
      const file = files.get(basename(weight.file)) as SafetensorsFile;
      return weight.asStored
        ? file.readFloats(source, from, count)
        : queryKeyBias(await file.readFloats(source), weight.shape[0]).subarray(
            from ?? 0,
            count === undefined ? undefined : (from ?? 0) + count
          );
    };
    return {folder, name: basename(resolve(folder)), config, configJson, weights, read, close};
  } catch (error) {
    await close();
    throw error instanceof TraceFormatError ? new ModelFormatError(error.message, {cause: error}) : error;
  }
}

/** Opens the checkpoint's files into `files`, and answers in which of them a tensor is. */
async function openFiles(folder: string, files: Map<string, SafetensorsFile>): Promise<(tensor: string) => string | undefined> {
  const indexPath = join(folder, "model.safetensors.index.json");
  const single = "model.safetensors";
  if (await exists(join(folder, single))) {
    files.set(single, await openSafetensors(join(folder, single)));
    return () => single;
  }
  if (!(await exists(indexPath))) throw new ModelFormatError(`no weights in ${folder}; expected ${single} or ${single}.index.json`);
  const parsed = indexSchema.safeParse(await readJson(indexPath));
  if (!parsed.success) throw new ModelFormatError(`invalid ${indexPath}: expected weight_map, the shard's file name of every tensor`);
  const {weight_map: shards} = parsed.data;
  for (const shard of new Set(Object.values(shards))) {
    if (!(await exists(join(folder, shard)))) throw new ModelFormatError(`missing shard: ${join(folder, shard)}`);
    files.set(shard, await openSafetensors(join(folder, shard)));
  }
  return (tensor) => (Object.hasOwn(shards, tensor) ? shards[tensor] : undefined);
}

/** The bias of the joint projection [3 · width]: q's, k's, and none for v. */
function queryKeyBias(bias: Float32Array, length: number): Float32Array {
  const joint = new Float32Array(length);
  joint.set(bias);
  return joint;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false
  );

async function readJson(path: string): Promise<unknown> {
  if (!(await exists(path))) throw new ModelFormatError(`missing file: ${path}`);
  const {size} = await stat(path);
  if (size > MAX_JSON_BYTES) throw new ModelFormatError(`invalid ${path}: ${size} bytes; at most ${MAX_JSON_BYTES}`);
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new ModelFormatError(`invalid ${path}: not JSON`, {cause});
  }
}
