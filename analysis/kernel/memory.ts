import {KERNEL} from "./kernelBytes.ts";

/** Products of many vectors at once in double precision, two numbers an instruction; the same bits on every machine. */
interface Kernel {
  readonly memory: {readonly buffer: ArrayBuffer; grow(pages: number): number};
  products(a: number, m: number, b: number, n: number, cols: number, out: number, stride: number, half: number): void;
  differences(states: number, rows: number, cols: number, last: number, out: number, toward: number): void;
  squaredSteps(states: number, rows: number, cols: number, sums: number): void;
  pathSums(now: number, before: number, earlier: number, last: number, n: number, out: number): void;
  plusForm(g: number, n: number, f: number, energy: number): number;
  cosinePowers(g: number, n: number, lengths: number, apart: number, out: number): void;
  inOrder(g: number, n: number, f: number, out: number): void;
  part(g: number, n: number, from: number, out: number): void;
  deflate(g: number, n: number, q: number, along: number, out: number): void;
  flatten(g: number, n: number, m: number, square: number, s: number, a: number, across: number, out: number): void;
  alongDiagonals(g: number, n: number, weights: number, sums: number): void;
  acrossDiagonals(g: number, n: number, weights: number, sums: number): void;
  orthonormal(
    functions: number,
    count: number,
    q: number,
    known: number,
    n: number,
    most: number,
    enough: number,
    independent: number
  ): number;
  withoutModes(
    steps: number,
    modes: number,
    functions: number,
    q: number,
    known: number,
    n: number,
    enough: number,
    independent: number,
    series: number,
    count: number
  ): number;
  cosineSums(sums: number, n: number, cosines: number, count: number, even: number, odd: number): void;
  turns(steps: number, count: number, n: number, out: number): void;
  logarithms(values: number, n: number, by: number): void;
  leftBeside(series: number, exponents: number, n: number, bend: number, by: number, unit: number): number;
  energyAtAngle(
    sums: number,
    count: number,
    others: number,
    cosine: number,
    sine: number,
    rate: number,
    basis: number,
    functions: number,
    n: number,
    room: number
  ): number;
  energyAtRate(
    sums: number,
    count: number,
    rate: number,
    cosine: number,
    sine: number,
    basis: number,
    functions: number,
    n: number,
    room: number
  ): number;
  energyAlongPowers(
    sums: number,
    count: number,
    x: number,
    step: number,
    basis: number,
    functions: number,
    n: number,
    room: number
  ): number;
}

/** Of the WebAssembly that every engine has, what is used here: this layer knows no browser's types. */
interface Engine {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => {readonly exports: unknown};
}

const {Module, Instance} = (globalThis as unknown as {readonly WebAssembly: Engine}).WebAssembly;
export const kernel = new Instance(new Module(Uint8Array.from(atob(KERNEL), (letter) => letter.charCodeAt(0)))).exports as Kernel;

const PAGE = 65536;
const FIRST = 1024; // bytes that are the module's own
const SCRATCH_BYTES = 2 ** 25; // what is never touched is no memory of the machine's
const DESK = FIRST + SCRATCH_BYTES; // from here on lies what a call is given and gives

let buffer = kernel.memory.buffer;

/** The kernel's memory as numbers of either size. */
export let [doubles, singles] = [new Float64Array(buffer), new Float32Array(buffer)];

/** Addresses of so many numbers each, 16 bytes apart at least, past the first `kept` of the desk; what else was kept of an earlier call is overwritten. */
export function roomFor(counts: readonly number[], kept = 0): number[] {
  let end = DESK + aligned(kept);
  const addresses: number[] = [];
  for (const count of counts) {
    addresses.push(end);
    end += aligned(count);
  }
  if (end > doubles.byteLength) grow(end - doubles.byteLength);
  return addresses;
}

/** Bytes of so many numbers, up to the next place for two. */
const aligned = (count: number): number => (count * Float64Array.BYTES_PER_ELEMENT + 15) & ~15;

function grow(bytes: number): void {
  if (depth > 0) throw new Error(`the kernel's memory cannot grow by ${bytes} bytes while matrices lie in it`);
  kernel.memory.grow(Math.ceil(bytes / PAGE));
  buffer = kernel.memory.buffer;
  [doubles, singles] = [new Float64Array(buffer), new Float32Array(buffer)];
}

let used = 0; // numbers of the scratch memory
let depth = 0;
let keeps = true; // what is made, outside all scratching

/**
 * Runs some work, whose matrices and functions of time are gone when it returns: nothing of them may be kept. Of one path some dozens of matrices and thousands of functions are made,
 * each of which is gone when its label is known: fresh memory costs more than what is done with it, and where the kernel has them already, none is copied for it.
 */
export function scratching<T>(work: () => T): T {
  const [before, kept] = [used, keeps];
  ++depth;
  keeps = false;
  try {
    return work();
  } finally {
    --depth;
    keeps = kept;
    used = before;
  }
}

/** Makes what is kept for longer than the work that asks for it. */
export function lasting<T>(make: () => T): T {
  const kept = keeps;
  keeps = true;
  try {
    return make();
  } finally {
    keeps = kept;
  }
}

/** Room for so many numbers, whatever they are now: of the scratch memory while it is in use and reaches. */
export function scratchRoom(count: number): Float64Array | undefined {
  const from = used;
  const after = used + count + (count % 2);
  if (keeps || after * Float64Array.BYTES_PER_ELEMENT > SCRATCH_BYTES) return undefined;
  used = after;
  return new Float64Array(buffer, FIRST + from * Float64Array.BYTES_PER_ELEMENT, count);
}

/** The same, or memory of its own. */
export const roomForMatrix = (count: number): Float64Array => scratchRoom(count) ?? new Float64Array(count);

/** Where numbers lie in the kernel's memory; undefined where they do not. */
export const addressOf = (values: Float64Array): number | undefined => (values.buffer === buffer ? values.byteOffset : undefined);
