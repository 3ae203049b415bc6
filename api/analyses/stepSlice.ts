import {dtypes} from "../../capture/trace/dtype.ts";
import {countOf, headerOf, parseHeader} from "../../capture/trace/safetensorsHeader.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

/** Steps of a run, both included. */
export interface StepRange {
  readonly from?: number;
  readonly to?: number;
}

/**
 * Some steps of an answer that has them on the first axis of the tensors that `isStepped` names; the others come with a
 * range from 0 only. The metadata say `steps`, how many rows the longest has in all. The message itself where no range is given.
 * Throws a Refusal for a range that ends before it begins or begins after the last step.
 */
export function stepSlice(message: Uint8Array, {from = 0, to = Infinity}: StepRange, isStepped: (name: string) => boolean): Uint8Array {
  if (from === 0 && to === Infinity) return message;
  const {tensors, metadata, dataStart} = parseHeader(message);
  const firstStep = Number(metadata.first_step ?? 0);
  const steps = Math.max(0, ...[...tensors].filter(([name]) => isStepped(name)).map(([, {shape}]) => shape[0]));
  checkRange({from, to}, {firstStep, steps});
  const parts = [...tensors]
    .filter(([name]) => isStepped(name) || from === 0)
    .map(([name, {dtype, shape, begin, end}]) => {
      const whole = message.subarray(dataStart + begin, dataStart + end);
      if (!isStepped(name)) return {name, dtype, shape, bytes: whole};
      const [rows, ...slab] = shape;
      const rowBytes = countOf(slab) * dtypes[dtype].bytes;
      const [first, last] = [Math.min(rows, Math.max(0, from - firstStep)), Math.min(rows, to - firstStep + 1)];
      return {
        name,
        dtype,
        shape: [Math.max(0, last - first), ...slab],
        bytes: whole.subarray(first * rowBytes, Math.max(first, last) * rowBytes)
      };
    });
  const header = headerOf(parts, {metadata: {...metadata, steps: String(steps)}});
  const slice = new Uint8Array(header.length + parts.reduce((sum, {bytes}) => sum + bytes.length, 0));
  slice.set(header);
  let at = header.length;
  for (const {bytes} of parts) {
    slice.set(bytes, at);
    at += bytes.length;
  }
  return slice;
}

/** Throws a Refusal for a range that ends before it begins or begins after the last of the steps. */
export function checkRange(
  {from, to}: Required<StepRange>,
  {firstStep, steps}: {readonly firstStep: number; readonly steps: number}
): void {
  const lastStep = firstStep + steps - 1;
  if (!(from <= to && from <= lastStep))
    throw new Refusal(
      `invalid steps: ${from} to ${to === Infinity ? "the last" : to}; expected a range that begins in ${firstStep} to ${lastStep}`
    );
}
