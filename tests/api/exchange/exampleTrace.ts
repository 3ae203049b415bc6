import {onTestFinished} from "vitest";
import {safetensorsDtypeOf, encodeFloats, decodeFloats, type StorageDtype} from "../../../capture/trace/dtype.ts";
import {openTrace, type TraceReader} from "../../../capture/trace/reader.ts";
import {createTrace, type TraceWriter} from "../../../capture/trace/writer.ts";
import {siteOf, smallAnnouncement} from "../../support/smallTrace.ts";

/** Tokens that are hard on every text format. */
export const hardTokens = ["a", ',"quoted"', "tab\tnew\nline", " ", "é≠🪐"];

export const size = {steps: 4, inits: 2, tokens: hardTokens.length, width: 6};
const {steps, inits, tokens, width} = size;

/** State i of step t: a decaying rotation whose numbers are all different, as exactly as the storage dtype holds them. */
export function stateSlab(step: number, storageDtype: StorageDtype): Float32Array {
  const values = Float32Array.from({length: inits * tokens * width}, (_, i) => Math.sin(i + 1) + 0.5 ** step * Math.cos(3 * i + step));
  return decodeFloats(safetensorsDtypeOf[storageDtype], encodeFloats(storageDtype, values).slice());
}

export const readoutSlab = (name: string, step: number): Float32Array =>
  Float32Array.from({length: inits * tokens}, (_, i) => name.length + step + i / 16);
export const topIds = (step: number): Int32Array => Int32Array.from({length: inits * tokens * 2}, (_, i) => 60_000 + step * 100 + i);

async function start(dir: string, storageDtype: StorageDtype): Promise<TraceWriter> {
  const dtype = safetensorsDtypeOf[storageDtype];
  const rows = steps + 1;
  const announcement = {
    ...smallAnnouncement({steps, inits, tokens, width, storageDtype, readout: true}),
    sites: [siteOf("state", width), siteOf("core.0.out", width, 1)],
    tokens: hardTokens.map((text, id) => ({id: id + 7, text})),
    readout: {lens: "coda" as const, top: 2}
  };
  return createTrace(dir, announcement, {
    states: [
      {name: "input", dtype: "F32", shape: [tokens, width]},
      {name: "ln_f", dtype: "F32", shape: [width]},
      {name: "state", dtype, shape: [inits, tokens, width], steps: rows},
      {name: "core.0.out", dtype, shape: [inits, tokens, width], steps, firstStep: 1}
    ],
    readout: [
      {name: "top_ids", dtype: "I32", shape: [inits, tokens, 2], steps: rows},
      {name: "top_logprobs", dtype: "F32", shape: [inits, tokens, 2], steps: rows},
      ...["entropy", "kl_prev", "kl_final"].map((name) => ({name, dtype: "F32" as const, shape: [inits, tokens], steps: rows}))
    ]
  });
}

/** Writes a run of 4 steps, 2 inits, 5 tokens and width 6, up to step `last`, and opens it until the test is over. */
export async function exampleTrace(
  dir: string,
  {storageDtype = "f32", last = steps}: {storageDtype?: StorageDtype; last?: number} = {}
): Promise<TraceReader> {
  const writer = await start(dir, storageDtype);
  await writer.writeState("input", new Float32Array(tokens * width).fill(0.25));
  await writer.writeState("ln_f", new Float32Array(width).fill(2));
  for (let step = 0; step <= last; ++step) {
    await writer.writeState("state", stateSlab(step, storageDtype), step);
    if (step > 0) await writer.writeState("core.0.out", stateSlab(10 + step, storageDtype), step);
    await writer.writeReadout("top_ids", topIds(step), step);
    await writer.writeReadout(
      "top_logprobs",
      Float32Array.from({length: inits * tokens * 2}, (_, i) => -i),
      step
    );
    for (const name of ["entropy", "kl_prev", "kl_final"]) await writer.writeReadout(name, readoutSlab(name, step), step);
    await writer.finishStep(step, 2);
  }
  await writer.writeTexts(new Map(hardTokens.map((text, i) => [60_000 + i, text])));
  if (last === steps) await writer.complete();
  else await writer.stop("cancelled");
  const reader = await openTrace(dir);
  onTestFinished(() => reader.close());
  return reader;
}
