import {createTrace, type TraceAnnouncement} from "../../../capture/trace/writer.ts";
import {openTrace, type TraceReader} from "../../../capture/trace/reader.ts";
import {onTestFinished} from "vitest";
import {smallAnnouncement} from "../../support/smallTrace.ts";

export interface ReportTraceOptions {
  readonly steps?: number;
  readonly inits?: number;
  readonly tokens?: readonly string[];
  readonly width?: number;
  /** The last step written; defaults to all of them. */
  readonly last?: number;
  readonly readout?: boolean;
  readonly announcement?: Partial<TraceAnnouncement>;
}

const RATE = 0.6;
export const FLIPPING = 1; // the token that runs in a cycle

/** A number between −1 and 1 that looks random and is the same each time. */
const scattered = (...at: readonly number[]): number => {
  const x = Math.sin(at.reduce((sum, value, i) => sum + (value + 1) * [12.9898, 78.233, 37.719, 4.581][i], 0)) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
};

/** Token 1 ends in a cycle of period 2 of a tenth of its norm; every other token comes to rest at its own place, from every initial state, at 0.6 a step. */
function stateSlab(step: number, {inits, tokens, width}: {inits: number; tokens: number; width: number}): Float32Array {
  const slab = new Float32Array(inits * tokens * width);
  for (let init = 0; init < inits; ++init) {
    for (let token = 0; token < tokens; ++token) {
      for (let j = 0; j < width; ++j) {
        const place = 2 * scattered(token, j, 0, 0);
        const away = RATE ** step * scattered(token, j, init, 1);
        const flip = token === FLIPPING ? 0.1 * (-1) ** step * scattered(token, j, 0, 2) : 0;
        slab[(init * tokens + token) * width + j] = place + away + flip;
      }
    }
  }
  return slab;
}

/** Writes a run whose labels are known by construction; every token says id 3 from step 2 on, and its own number before. */
export async function writeReportTrace(
  dir: string,
  {
    steps = 64,
    inits = 4,
    tokens = ["a", "b", "c", "d"],
    width = 16,
    last = steps,
    readout = true,
    announcement = {}
  }: ReportTraceOptions = {}
): Promise<void> {
  const size = {inits, tokens: tokens.length, width};
  const rows = steps + 1;
  const writer = await createTrace(
    dir,
    {
      ...smallAnnouncement({steps, ...size, readout}),
      prompt: tokens.join(""),
      tokens: tokens.map((text, id) => ({id, text})),
      readout: readout ? {lens: "coda", top: 5} : null,
      ...announcement
    },
    {
      states: [
        {name: "input", dtype: "F32", shape: [tokens.length, width]},
        {name: "ln_f", dtype: "F32", shape: [width]},
        {name: "state", dtype: "F32", shape: [inits, tokens.length, width], steps: rows}
      ],
      readout: readout
        ? [
            {name: "top_ids", dtype: "I32", shape: [inits, tokens.length, 5], steps: rows},
            {name: "top_logprobs", dtype: "F32", shape: [inits, tokens.length, 5], steps: rows},
            ...["entropy", "kl_prev", "kl_final"].map((name) => ({name, dtype: "F32" as const, shape: [inits, tokens.length], steps: rows}))
          ]
        : []
    }
  );
  const states = inits * tokens.length;
  await writer.writeState("input", new Float32Array(tokens.length * width));
  await writer.writeState("ln_f", new Float32Array(width).fill(1));
  for (let step = 0; step <= last; ++step) {
    await writer.writeState("state", stateSlab(step, size), step);
    if (readout) {
      await writer.writeReadout(
        "top_ids",
        Int32Array.from({length: states * 5}, (_, i) => (i % 5 === 0 ? (step < 2 ? 0 : 3) : 3 + (i % 5))),
        step
      );
      await writer.writeReadout(
        "top_logprobs",
        Float32Array.from({length: states * 5}, (_, i) => Math.log([0.5, 0.2, 0.1, 0.05, 0.02][i % 5])),
        step
      );
      for (const name of ["entropy", "kl_prev", "kl_final"])
        await writer.writeReadout(name, new Float32Array(states).fill(1 / (1 + step)), step);
    }
    await writer.finishStep(step, 2);
  }
  if (last === steps) await writer.complete();
  else await writer.stop("killed");
}

export async function reportTrace(dir: string, options: ReportTraceOptions = {}): Promise<TraceReader> {
  await writeReportTrace(dir, options);
  const reader = await openTrace(dir);
  onTestFinished(() => reader.close());
  return reader;
}
