import {STATE_MEASURES} from "../../analysis/measures/measures.ts";
import {STATE_CURVES} from "../../analysis/measures/stateCurves.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {firstStepOf} from "../../capture/trace/slice.ts";
import {encodeSafetensors} from "../../capture/trace/safetensors.ts";
import {tokenChunks} from "./siteStates.ts";

/** The curves of a site, each [steps, inits, tokens], as one safetensors message. */
export async function metricsMessage(reader: TraceReader, site: string): Promise<Uint8Array> {
  const tokens = reader.trace.tokens.length;
  let whole: Record<string, Float32Array> | undefined;
  let shape: readonly number[] = [];
  for await (const {firstToken, states} of tokenChunks(reader, site)) {
    const {steps, inits} = states;
    shape = [steps, inits, tokens];
    whole ??= Object.fromEntries(STATE_MEASURES.map((name) => [name, new Float32Array(steps * inits * tokens)]));
    for (const name of STATE_MEASURES) place(whole[name], STATE_CURVES[name].of(states), {rows: steps * inits, tokens, firstToken});
  }
  return encodeSafetensors(Object.fromEntries(Object.entries(whole ?? {}).map(([name, data]) => [name, {shape, data}])), {
    site,
    first_step: String(firstStepOf(reader.trace, site))
  });
}

/** Copies a chunk's columns, [rows, some tokens], into the whole, [rows, tokens]. */
function place(
  whole: Float32Array,
  chunk: Float32Array,
  {rows, tokens, firstToken}: {rows: number; tokens: number; firstToken: number}
): void {
  const some = chunk.length / rows;
  for (let row = 0; row < rows; ++row) whole.set(chunk.subarray(row * some, (row + 1) * some), row * tokens + firstToken);
}
