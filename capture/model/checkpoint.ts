import {basename, join, resolve} from "node:path";
import {z} from "zod";
import {readJsonFile} from "../trace/jsonFile.ts";
import {openSafetensors} from "../trace/safetensors.ts";
import {isFileThere} from "../trace/ifThere.ts";
import type {SafetensorsFile} from "../trace/tensorPlaces.ts";
import {TraceFormatError} from "../trace/safetensorsHeader.ts";
import type {Dtype} from "../trace/dtype.ts";
import type {CheckpointHeader, Model} from "./family.ts";
import {ModelFormatError} from "./modelFormatError.ts";

/** Where a weight's bytes lie, as the checkpoint keeps them. */
export interface StoredWeight {
  readonly name: string;
  /** Shape in the model; see WeightSpec. */
  readonly shape: readonly number[];
  readonly dtype: Dtype;
  readonly file: string;
  readonly offsetBytes: number;
  readonly lengthBytes: number;
  /** Never rounded to 8 bits. */
  readonly exact: boolean;
}

/** An open checkpoint folder, checked against its config: every weight is there, in its shape. */
export interface Checkpoint {
  readonly folder: string;
  readonly name: string;
  readonly model: Model;
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

/**
 * Opens a folder with config.json and model.safetensors, or shards under model.safetensors.index.json. `recognise` makes the model of what
 * they say about themselves, and checks that every weight is there. Throws a ModelFormatError naming the key or tensor.
 */
export async function openCheckpoint(folder: string, recognise: (header: CheckpointHeader) => Model): Promise<Checkpoint> {
  const configJson = await readJson(join(folder, "config.json"));
  const files = new Map<string, SafetensorsFile>();
  const close = async () => {
    for (const file of files.values()) await file.close();
  };
  try {
    const places = await openFiles(folder, files);
    const tensors = new Map([...places].map(([name, fileName]) => [name, files.get(fileName)!.tensors.get(name)!.shape]));
    const model = recognised(recognise, {config: configJson, tensors}, files);
    const fileOf = (source: string) => files.get(places.get(source)!)!;
    const weights = new Map(
      model.weights.map(({name, source, shape, exact = false}): [string, StoredWeight] => {
        const file = fileOf(source);
        const {dtype, begin, end} = file.tensors.get(source)!;
        if (!floatDtypes.includes(dtype))
          throw new ModelFormatError(`unsupported dtype of ${source}: ${dtype}; one of ${floatDtypes.join(", ")}`);
        const place = {file: join(folder, places.get(source)!), offsetBytes: file.dataStart + begin, lengthBytes: end - begin};
        return [name, {name, shape, dtype, exact, ...place}];
      })
    );
    const specs = new Map(model.weights.map((spec) => [spec.name, spec]));
    const read = async (name: string, from = 0, count?: number) => {
      const spec = specs.get(name);
      if (!spec) throw new Error(`unknown weight: ${name}`);
      const {source, sourceShape, shape} = spec;
      if (sizeOf(shape) === sizeOf(sourceShape)) return fileOf(source).readFloats(source, from, count);
      const padded = new Float32Array(sizeOf(shape));
      padded.set(await fileOf(source).readFloats(source));
      return padded.subarray(from, count === undefined ? undefined : from + count);
    };
    return {folder, name: basename(resolve(folder)), model, configJson, weights, read, close};
  } catch (error) {
    await close();
    throw error instanceof TraceFormatError ? new ModelFormatError(error.message, {cause: error}) : error;
  }
}

/** A weight whose type is not read is named with it, and not as one that is missing; others that the model does not ask for are let be. */
function recognised(
  recognise: (header: CheckpointHeader) => Model,
  header: CheckpointHeader,
  files: ReadonlyMap<string, SafetensorsFile>
): Model {
  try {
    return recognise(header);
  } catch (cause) {
    const unread = [...files.values()].flatMap((file) => [...file.unread]);
    const asked = unread.find(([name]) => (cause as Error).message.includes(`: ${name}`));
    if (!asked) throw cause;
    throw new ModelFormatError(`unsupported dtype of ${asked[0]}: ${asked[1]}; one of ${floatDtypes.join(", ")}`, {cause});
  }
}

/** Opens the checkpoint's files into `files`, and answers in which of them each tensor is. */
async function openFiles(folder: string, files: Map<string, SafetensorsFile>): Promise<ReadonlyMap<string, string>> {
  const indexPath = join(folder, "model.safetensors.index.json");
  const single = "model.safetensors";
  if (await isFileThere(join(folder, single))) {
    const file = await openSafetensors(join(folder, single));
    files.set(single, file);
    return new Map([...file.tensors.keys()].map((name) => [name, single]));
  }
  if (!(await isFileThere(indexPath))) throw new ModelFormatError(`no weights in ${folder}; expected ${single} or ${single}.index.json`);
  const parsed = indexSchema.safeParse(await readJson(indexPath));
  if (!parsed.success) throw new ModelFormatError(`invalid ${indexPath}: expected weight_map, the shard's file name of every tensor`);
  const places = new Map(Object.entries(parsed.data.weight_map));
  for (const shard of new Set(places.values())) {
    if (!(await isFileThere(join(folder, shard)))) throw new ModelFormatError(`missing shard: ${join(folder, shard)}`);
    files.set(shard, await openSafetensors(join(folder, shard)));
  }
  for (const [name, shard] of places)
    if (!files.get(shard)!.tensors.has(name)) throw new ModelFormatError(`missing tensor: ${name}; ${indexPath} says that ${shard} has it`);
  for (const [shard, {tensors}] of files)
    for (const name of tensors.keys())
      if (places.get(name) !== shard) throw new ModelFormatError(`unexpected tensor: ${name} in ${shard}; ${indexPath} does not say so`);
  return places;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

const readJson = (path: string): Promise<unknown> => readJsonFile(path, {maxBytes: MAX_JSON_BYTES, error: ModelFormatError});
