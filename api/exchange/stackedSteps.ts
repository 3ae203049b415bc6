import {TraceFormatError} from "../../capture/trace/safetensorsHeader.ts";
import type {NamedArray} from "./namedArray.ts";

/** Arrays of one kind whose names differ in one number only, such as step_0, step_1 …; `name` has a # in its place. */
interface StepSeries {
  readonly name: string;
  readonly numbers: readonly number[];
  /** By number. */
  readonly arrays: readonly NamedArray[];
}

const NUMBER = /\d{1,9}/g;

/**
 * The series among a file's arrays, the longest first: of the same type and shape, each number once, at least `least` of them; defaults to 3, since two of
 * a kind may be anything, such as layer1 and layer2.
 */
export function seriesOf(arrays: Iterable<NamedArray>, {least = 3}: {readonly least?: number} = {}): readonly StepSeries[] {
  const kinds = new Map<string, {readonly name: string; readonly members: [number, NamedArray][]}>();
  for (const array of arrays) {
    for (const {0: digits, index} of array.name.matchAll(NUMBER)) {
      const name = `${array.name.slice(0, index)}#${array.name.slice(index + digits.length)}`;
      const kind = JSON.stringify([name, array.dtype, array.shape]);
      const members = kinds.get(kind)?.members ?? [];
      members.push([Number(digits), array]);
      kinds.set(kind, {name, members});
    }
  }
  return [...kinds.values()]
    .filter(({members}) => members.length >= least && new Set(members.map(([number]) => number)).size === members.length)
    .map(({name, members}) => {
      const byNumber = members.sort(([a], [b]) => a - b);
      return {name, numbers: byNumber.map(([number]) => number), arrays: byNumber.map(([, array]) => array)};
    })
    .sort((a, b) => b.arrays.length - a.arrays.length || (a.name < b.name ? -1 : 1));
}

/** Refuses a name that several series have, since their arrays are of different types or shapes. */
export function refuseUnlike(series: readonly StepSeries[]): void {
  for (const {name} of series) {
    const kinds = series.filter((one) => one.name === name).map(({arrays: [{dtype, shape}]}) => `${dtype} [${shape.join(", ")}]`);
    if (kinds.length > 1)
      throw new TraceFormatError(`invalid ${name}: some are ${kinds.join(", some ")}; expected arrays of one type and shape`);
  }
}

/** One array of a series, with the number as its first axis. Throws a TraceFormatError where a number between is missing. */
export function stacked({name, numbers, arrays}: StepSeries): NamedArray {
  const missing = numbers.find((number, i) => i > 0 && number !== numbers[i - 1] + 1);
  if (missing !== undefined)
    throw new TraceFormatError(
      `invalid ${name}: ${missing} follows ${numbers[numbers.indexOf(missing) - 1]}; expected every number between`
    );
  return stack(name, arrays);
}

function stack(name: string, arrays: readonly NamedArray[]): NamedArray {
  const [{dtype, shape}] = arrays;
  return {
    name,
    dtype,
    shape: [arrays.length, ...shape],
    async *bytes() {
      for (const array of arrays) yield* array.bytes();
    },
    ...(arrays.every(({along}) => along) && {
      along: (axis: number, from: number, count: number) =>
        stack(name, axis === 0 ? arrays.slice(from, from + count) : arrays.map((array) => array.along!(axis - 1, from, count)))
    })
  };
}
