import {basename} from "node:path";
import type {ComputeDtype} from "../choices.ts";
import type {Checkpoint, StoredWeight} from "../../model/checkpoint.ts";
import {openSafetensors} from "../../trace/safetensors.ts";
import {countOf} from "../../trace/safetensorsHeader.ts";
import {eightBitBlock, quantise, scalesName} from "./eightBit.ts";
import {eightBitFile} from "./eightBitFile.ts";
import type {ElementType, Initializer} from "./onnxProto.ts";

/** A matrix in 8 bits with a scale for every `blockSize` of them along a row. */
export interface EightBitWeight {
  readonly weights: Initializer;
  readonly scales: Initializer;
  readonly blockSize: number;
}

/** Where a graph's weights come from: in its own bytes for a small model, out of files beside it for a large one. */
export interface WeightSource {
  readonly isLarge: boolean;
  /** A weight as float32, or, where it is large and the checkpoint keeps it in 16 bits, as it is stored. */
  plain(name: string): Promise<Initializer>;
  /** A matrix in 8 bits; undefined where the model computes in float32, or its rows do not fall into blocks. */
  eightBit(name: string): Promise<EightBitWeight | undefined>;
  /** Files that weights lie in, by the name under which a graph expects them beside itself. */
  readonly files: ReadonlyMap<string, string>;
}

interface WeightSourceOptions {
  readonly dtype: ComputeDtype;
  readonly cacheFolder: string;
  readonly log: (line: string) => void;
  /** Size from which a model is large; defaults to 64 MB of weights. */
  readonly largeBytes?: number;
}

const LARGE_BYTES = 64_000_000; // a graph of this size is still parsed in no time; protobuf itself ends at 2 GB
const storedTypes = {F32: "float32", BF16: "bfloat16", F16: "float16"} as const satisfies Record<string, ElementType>;

export async function weightSourceOf(
  checkpoint: Checkpoint,
  {dtype, cacheFolder, log, largeBytes = LARGE_BYTES}: WeightSourceOptions
): Promise<WeightSource> {
  const all = [...checkpoint.weights.values()];
  const isLarge = all.reduce((sum, {shape}) => sum + countOf(shape) * Float32Array.BYTES_PER_ELEMENT, 0) > largeBytes;
  const files = new Map<string, string>();
  if (isLarge) for (const {file} of all) files.set(basename(file), file);
  const path = isLarge && dtype === "int8" ? await eightBitFile(checkpoint, {cacheFolder, log}) : undefined;
  if (path !== undefined) files.set(basename(path), path);
  const stored = path === undefined ? embedded(checkpoint) : await inFile(path);
  return {
    isLarge,
    files,
    plain: (name) => plain(checkpoint, weightNamed(checkpoint, name), {name, isLarge}),
    async eightBit(name) {
      const weight = weightNamed(checkpoint, name);
      const blockSize = dtype === "int8" ? eightBitBlock(weight) : undefined;
      return blockSize === undefined ? undefined : stored(name, weight, blockSize);
    }
  };
}

function weightNamed({weights}: Checkpoint, name: string): StoredWeight {
  const weight = weights.get(name);
  if (!weight) throw new Error(`unknown weight: ${name}`);
  return weight;
}

async function plain(
  checkpoint: Checkpoint,
  {shape, dtype, file, offsetBytes, lengthBytes}: StoredWeight,
  {name, isLarge}: {readonly name: string; readonly isLarge: boolean}
): Promise<Initializer> {
  if (!isLarge || shape.length !== 2) return {name, type: "float32", shape, data: bytesOf(await checkpoint.read(name))};
  const data = {location: basename(file), offset: offsetBytes, length: lengthBytes};
  return {name, type: storedTypes[dtype as keyof typeof storedTypes], shape, data};
}

/** Gives a matrix in 8 bits, in blocks of a size. */
type EightBitStore = (name: string, weight: StoredWeight, blockSize: number) => Promise<EightBitWeight>;

/** Matrices rounded as they are asked for, in the graph's own bytes. */
const embedded =
  (checkpoint: Checkpoint): EightBitStore =>
  async (name, {shape: [rows, columns]}, blockSize) => {
    const {bytes, scales} = quantise(await checkpoint.read(name), blockSize);
    return {
      blockSize,
      weights: {name, type: "uint8", shape: [rows, columns / blockSize, blockSize], data: bytes},
      scales: {name: scalesName(name), type: "float32", shape: [rows * (columns / blockSize)], data: bytesOf(scales)}
    };
  };

/** Matrices that lie rounded in a file. */
async function inFile(path: string): Promise<EightBitStore> {
  const file = await openSafetensors(path);
  await file.close();
  const initializer = (name: string, type: ElementType, shape: readonly number[]): Initializer => {
    const info = file.tensors.get(name);
    if (!info) throw new Error(`missing tensor in ${path}: ${name}`);
    return {name, type, shape, data: {location: basename(path), offset: file.dataStart + info.begin, length: info.end - info.begin}};
  };
  return async (name, {shape: [rows, columns]}, blockSize) => ({
    blockSize,
    weights: initializer(name, "uint8", [rows, columns / blockSize, blockSize]),
    scales: initializer(scalesName(name), "float32", [rows * (columns / blockSize)])
  });
}

const bytesOf = (floats: Float32Array): Uint8Array => new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
