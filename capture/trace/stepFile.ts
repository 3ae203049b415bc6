import {open, rename, rm, type FileHandle} from "node:fs/promises";
import {dtypes, encodeFloats, type Dtype, type StorageDtype} from "./dtype.ts";
import {isDiskFault} from "./refusal.ts";
import {openSafetensors} from "./safetensors.ts";
import {countOf, headerOf} from "./safetensorsHeader.ts";

/** A tensor of a step file: the same at every step (`steps` absent), or one slab of `shape` for each of `steps` rows. */
export interface StepTensor {
  readonly name: string;
  readonly dtype: Extract<Dtype, "F32" | "BF16" | "F16" | "I32">;
  /** Shape of one slab, without the leading step axis. */
  readonly shape: readonly number[];
  /** Rows of the step axis, for a tensor that has one. */
  readonly steps?: number;
  /** The step that row 0 holds: 0 where the initial state is included, 1 for what only a step makes. Defaults to 0. */
  readonly firstStep?: number;
}

/**
 * A safetensors file that is written step by step: the header with the full shapes goes first, every slab to its own
 * place, so memory stays flat. The last slab ends the file, so until it is there other readers refuse the file as truncated.
 */
export interface StepFile {
  /** Writes one slab (or, with `step` undefined, a constant), or the part of it that begins at element `from`. Throws a RangeError on an unknown name, step or size. */
  write(name: string, data: Float32Array | Int32Array, step?: number, from?: number): Promise<void>;
  close(): Promise<void>;
}

const storageOf = {F32: "f32", BF16: "bf16", F16: "f16"} as const satisfies Partial<Record<Dtype, StorageDtype>>;

const fullShapeOf = ({shape, steps}: StepTensor): readonly number[] => (steps === undefined ? shape : [steps, ...shape]);

/** Bytes that a step file of these tensors takes when whole, its header included. */
export function stepFileBytes(tensors: readonly StepTensor[]): number {
  const full = tensors.map((tensor) => ({...tensor, shape: fullShapeOf(tensor)}));
  return headerOf(full).length + full.reduce((sum, {dtype, shape}) => sum + countOf(shape) * dtypes[dtype].bytes, 0);
}

/** Creates the file; throws where it already exists. Put constants first: they are then never behind a hole. */
export async function createStepFile(
  path: string,
  tensors: readonly StepTensor[],
  metadata?: Readonly<Record<string, string>>
): Promise<StepFile> {
  const header = headerOf(
    tensors.map((tensor) => ({...tensor, shape: fullShapeOf(tensor)})),
    {metadata}
  );
  const places = new Map<string, {tensor: StepTensor; offset: number}>();
  let offset = header.length;
  for (const tensor of tensors) {
    places.set(tensor.name, {tensor, offset});
    offset += countOf(fullShapeOf(tensor)) * dtypes[tensor.dtype].bytes;
  }
  const file = await open(`${path}.new`, "wx");
  try {
    await writeAll(file, header, 0);
    await rename(`${path}.new`, path); // with its header whole
  } catch (error) {
    await file.close();
    throw error;
  }
  return {
    async write(name, data, step, from) {
      const place = places.get(name);
      if (!place) throw new RangeError(`unknown tensor: ${name}; one of ${[...places.keys()].join(", ")}`);
      const {tensor, offset} = place;
      const slab = countOf(tensor.shape);
      if (from === undefined ? data.length !== slab : !(from >= 0 && from + data.length <= slab))
        throw new RangeError(
          `invalid slab of ${name}: ${data.length} numbers${from === undefined ? "" : ` from ${from} on`}; expected [${tensor.shape}]`
        );
      const element = rowOf(tensor, step) * slab + (from ?? 0);
      await writeAll(file, slabBytes(tensor, data), offset + element * dtypes[tensor.dtype].bytes);
    },
    close: () => file.close()
  };
}

function rowOf({name, steps, firstStep = 0}: StepTensor, step: number | undefined): number {
  if (steps === undefined) return 0;
  const row = (step ?? NaN) - firstStep;
  if (!(row >= 0 && row < steps))
    throw new RangeError(`invalid step of ${name}: ${step}; expected ${firstStep} to ${firstStep + steps - 1}`);
  return row;
}

function slabBytes({name, dtype}: StepTensor, data: Float32Array | Int32Array): Uint8Array {
  if (data instanceof Int32Array !== (dtype === "I32"))
    throw new RangeError(`invalid slab of ${name}: ${data.constructor.name}; the tensor is ${dtype}`);
  if (data instanceof Int32Array) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return encodeFloats(storageOf[dtype as keyof typeof storageOf], data);
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const {bytesWritten} = await file.write(bytes, done, Math.min(bytes.length - done, 2 ** 30), position + done);
    done += bytesWritten;
  }
}

const COPY_BYTES = 16 * 2 ** 20;

/**
 * Makes a step file that stopped early into a whole, shorter one that any safetensors reader opens: every tensor keeps
 * the rows of steps 0 to `stepsWritten`, none where that is −1; constants that the file does not reach are left out. The new file replaces the old in one rename.
 */
export async function sealStepFile(path: string, tensors: readonly StepTensor[], stepsWritten: number): Promise<void> {
  const file = await openSafetensors(path, {partial: true});
  await file.close();
  const isWhole = ({name}: StepTensor): boolean => file.dataStart + file.tensors.get(name)!.end <= file.fileBytes;
  const kept = tensors
    .filter((tensor) => tensor.steps !== undefined || isWhole(tensor))
    .map((tensor) => ({
      ...tensor,
      steps: tensor.steps === undefined ? undefined : Math.max(0, Math.min(tensor.steps, stepsWritten + 1 - (tensor.firstStep ?? 0)))
    }));
  try {
    await copySealed(path, kept);
  } catch (error) {
    if (!isDiskFault(error)) throw error;
    await sealInPlace(path, kept); // a full disk has no room for a second file
  }
}

async function copySealed(path: string, kept: readonly StepTensor[]): Promise<void> {
  const temporary = `${path}.sealing`;
  await rm(temporary, {force: true});
  const source = await openSafetensors(path, {partial: true});
  const files: FileHandle[] = [];
  try {
    files.push(await open(path, "r"));
    files.push(await open(temporary, "wx"));
    const [sourceFile, target] = files;
    const header = headerOf(
      kept.map((tensor) => ({...tensor, shape: fullShapeOf(tensor)})),
      {metadata: source.metadata}
    );
    await writeAll(target, header, 0);
    let offset = header.length;
    for (const tensor of kept) {
      const bytes = countOf(fullShapeOf(tensor)) * dtypes[tensor.dtype].bytes;
      await copyBytes(sourceFile, source.dataStart + source.tensors.get(tensor.name)!.begin, target, offset, bytes);
      offset += bytes;
    }
    await rename(temporary, path);
  } finally {
    await Promise.all([source.close(), ...files.map((file) => file.close())]);
    await rm(temporary, {force: true});
  }
}

const IN_PLACE_BYTES = 256 * 2 ** 20; // beyond it the file stays as it is: this program opens it, others refuse it as truncated

/**
 * The same without a second file: the header is written over, padded to its old length, so that the first tensor with steps stays where it is; those behind
 * it move up. A kill in between costs what moves.
 */
async function sealInPlace(path: string, kept: readonly StepTensor[]): Promise<void> {
  const source = await openSafetensors(path, {partial: true});
  const file = await open(path, "r+").catch(async (error: unknown) => {
    await source.close();
    throw error;
  });
  try {
    const header = headerOf(
      kept.map((tensor) => ({...tensor, shape: fullShapeOf(tensor)})),
      {metadata: source.metadata, headerBytes: source.dataStart}
    );
    const moves: {readonly to: number; readonly bytes: Uint8Array}[] = [];
    let end = source.dataStart;
    let stay = end;
    for (const tensor of kept) {
      const from = source.dataStart + source.tensors.get(tensor.name)!.begin;
      const length = countOf(fullShapeOf(tensor)) * dtypes[tensor.dtype].bytes;
      if (from === end && moves.length === 0) stay = end + length;
      else if (end + length - stay > IN_PLACE_BYTES) return;
      else moves.push({to: end, bytes: await readAll(file, from, length)});
      end += length;
    }
    await file.truncate(stay); // makes the room that the moves take
    for (const {to, bytes} of moves) await writeAll(file, bytes, to);
    await writeAll(file, header, 0);
  } finally {
    await Promise.all([source.close(), file.close()]);
  }
}

async function readAll(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const {bytesRead} = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) throw new RangeError(`cannot seal: the file ends at byte ${position + done}; expected ${position + length}`);
    done += bytesRead;
  }
  return bytes;
}

async function copyBytes(source: FileHandle, from: number, target: FileHandle, to: number, length: number): Promise<void> {
  const buffer = new Uint8Array(Math.min(length, COPY_BYTES));
  for (let done = 0; done < length; ) {
    const {bytesRead} = await source.read(buffer, 0, Math.min(buffer.length, length - done), from + done);
    if (bytesRead === 0) throw new RangeError(`cannot seal: the file ends at byte ${from + done}; expected ${from + length}`);
    await writeAll(target, buffer.subarray(0, bytesRead), to + done);
    done += bytesRead;
  }
}
