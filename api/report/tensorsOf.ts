import {decodeFloats} from "../../capture/trace/dtype.ts";
import type {Tensor} from "../../capture/trace/safetensors.ts";
import {parseHeader} from "../../capture/trace/safetensorsHeader.ts";

/** The float tensors of a safetensors message in memory, as the analyses answer with. */
export function tensorsOf(message: Uint8Array): ReadonlyMap<string, Tensor> {
  const {tensors, dataStart} = parseHeader(message);
  return new Map(
    [...tensors].map(([name, {dtype, shape, begin, end}]) => [
      name,
      {shape, data: decodeFloats(dtype, message.subarray(dataStart + begin, dataStart + end))}
    ])
  );
}
