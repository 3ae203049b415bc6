import {decodeFloats} from "../../capture/trace/dtype.ts";
import {countOf, parseHeader, type Tensor} from "../../capture/trace/safetensors.ts";

/** The float tensors of a safetensors message in memory, as the analyses answer with. */
export function tensorsOf(message: Uint8Array): ReadonlyMap<string, Tensor> {
  const {tensors, dataStart} = parseHeader(message);
  return new Map(
    [...tensors].map(([name, {dtype, shape, begin}]) => {
      const start = dataStart + begin;
      return [name, {shape, data: decodeFloats(dtype, message.slice(start, start + 4 * countOf(shape)))}]; // a copy, since typed arrays need aligned offsets
    })
  );
}
