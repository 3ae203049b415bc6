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
  const blockOf = (weight: StoredWeight) => (dtype === "int8" ? eightBitBlock(weight) : undefined);

  const weightNamed = (name: string): StoredWeight => {
    const weight = checkpoint.weights.get(name);
    if (!weight) throw new Error(`unknown weight: ${name}`);
    return weight;
  };
  const plain = async (name: string): Promise<Initializer> => {
    const weight = weightNamed(name);
    const {shape, file, offsetBytes, lengthBytes} = weight;
    if (isLarge && shape.length === 2)
      return {
        name,
        type: storedTypes[weight.dtype as keyof typeof storedTypes],
        shape,
        data: {location: basename(file), offset: offsetBytes, length: lengthBytes}
      };
    return {name, type: "float32", shape, data: bytesOf(await checkpoint.read(name))};
  };
  const embeddedEightBit = async (name: string, blockSize: number): Promise<EightBitWeight> => {
    const [rows, columns] = weightNamed(name).shape;
    const {bytes, scales} = quantise(await checkpoint.read(name), blockSize);
    return {
      blockSize,
      weights: {name, type: "uint8", shape: [rows, columns / blockSize, blockSize], data: bytes},
      scales: {name: scalesName(name), type: "float32", shape: [rows * (columns / blockSize)], data: bytesOf(scales)}
    };
  };
  if (!isLarge || dtype === "f32") {
    return {
      isLarge,
      files,
      plain,
      eightBit: async (name) => {
        const blockSize = blockOf(weightNamed(name));
        return blockSize === undefined ? undefined : embeddedEightBit(name, blockSize);
      }
    };
  }

  const path = await eightBitFile(checkpoint, {cacheFolder, log});
  files.set(basename(path), path);
  const file = await openSafetensors(path);
  await file.close();
  const inFile = (name: string, type: ElementType, shape: readonly number[]): Initializer => {
    const info = file.tensors.get(name);
    if (!info) throw new Error(`missing tensor in ${path}: ${name}`);
    return {name, type, shape, data: {location: basename(path), offset: file.dataStart + info.begin, length: info.end - info.begin}};
  };
  return {
    isLarge,
    files,
    plain,
    eightBit: async (name) => {
      const weight = weightNamed(name);
      const blockSize = blockOf(weight);
      if (blockSize === undefined) return undefined;
      const [rows, columns] = weight.shape;
      return {
        blockSize,
        weights: inFile(name, "uint8", [rows, columns / blockSize, blockSize]),
        scales: inFile(scalesName(name), "float32", [rows * (columns / blockSize)])
      };
    }
  };
}

const bytesOf = (floats: Float32Array): Uint8Array => new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
