import {TraceFormatError} from "../../capture/trace/safetensors.ts";
import type {NamedArray} from "./namedArray.ts";

/** Arrays of one kind whose names differ in one number only, such as step_0, step_1 …; `name` has a # in its place. */
export interface StepSeries {
  readonly name: string;
  readonly numbers: readonly number[];
  /** By number. */
  readonly arrays: readonly NamedArray[];
}

const LEAST_ARRAYS = 3; // two of a kind may be anything: layer1 and layer2
const NUMBER = /\d{1,9}/g;

/** The series among a file's arrays, the longest first: of the same type and shape, each number once. */
export function seriesOf(arrays: Iterable<NamedArray>): readonly StepSeries[] {
  const kinds = new Map<string, Map<number, NamedArray>>();
  for (const array of arrays) {
    for (const {0: digits, index} of array.name.matchAll(NUMBER)) {
      const name = `${array.name.slice(0, index)}#${array.name.slice(index + digits.length)}`;
      const kind = JSON.stringify([name, array.dtype, array.shape]);
      kinds.set(kind, (kinds.get(kind) ?? new Map<number, NamedArray>()).set(Number(digits), array));
    }
  }
  return [...kinds]
    .filter(([, members]) => members.size >= LEAST_ARRAYS)
    .map(([kind, members]) => {
      const numbers = [...members.keys()].sort((a, b) => a - b);
      return {name: (JSON.parse(kind) as [string])[0], numbers, arrays: numbers.map((number) => members.get(number)!)};
    })
    .sort((a, b) => b.arrays.length - a.arrays.length || (a.name < b.name ? -1 : 1));
}

/** One array of a series, with the number as its first axis. Throws a TraceFormatError where a number between is missing. */
export function stacked({name, numbers, arrays}: StepSeries): NamedArray {
  const missing = numbers.find((number, i) => i > 0 && number !== numbers[i - 1] + 1);
  if (missing !== undefined)
    throw new TraceFormatError(
      `invalid ${name}: ${missing} follows ${numbers[numbers.indexOf(missing) - 1]}; expected every number between`
    );
  const [{dtype, shape}] = arrays;
  return {
    name,
    dtype,
    shape: [arrays.length, ...shape],
    async *bytes() {
      for (const array of arrays) yield* array.bytes();
    }
  };
}
