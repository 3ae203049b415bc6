import type {Tensor, Tensors} from "./safetensors.ts";

/** First and last step, both included. */
export interface StepRange {
  readonly from: number;
  readonly to: number;
}

const SLICE_BYTES = 2_000_000; // drawn at once from this machine, within seconds from another

/** The ranges to ask for: undefined, for everything at once, where it is not much. `stateBytes` is what one state takes in the answers. */
export function slicesOf({
  lastStep,
  paths,
  stateBytes
}: {
  lastStep: number;
  paths: number;
  stateBytes: number;
}): readonly (StepRange | undefined)[] {
  const steps = Math.max(1, Math.floor(SLICE_BYTES / (paths * stateBytes)));
  if (steps > lastStep) return [undefined];
  return Array.from({length: Math.ceil((lastStep + 1) / steps)}, (_, i) => ({
    from: i * steps,
    to: Math.min(lastStep, (i + 1) * steps - 1)
  }));
}

/**
 * Slices of one answer as one: tensors that several of them have are joined along their first axis, the steps; what only one
 * has, and the metadata, are as they came first.
 */
export function joinSlices(slices: readonly Tensors[]): Tensors {
  if (slices.length === 1) return slices[0];
  const names = [...new Set(slices.flatMap(({tensors}) => Object.keys(tensors)))];
  return {
    tensors: Object.fromEntries(names.map((name) => [name, joined(slices.flatMap(({tensors}) => tensors[name] ?? []))])),
    metadata: slices[0].metadata
  };
}

function joined(parts: readonly Tensor[]): Tensor {
  if (parts.length === 1) return parts[0];
  const count = parts.reduce((sum, {data}) => sum + data.length, 0);
  const data = parts[0].data instanceof Int32Array ? new Int32Array(count) : new Float32Array(count);
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return {shape: [parts.reduce((sum, {shape}) => sum + shape[0], 0), ...parts[0].shape.slice(1)], data};
}
