import type {Engine} from "../engine/engine.ts";
import {divergenceOf, entropyOf, logSoftmax, topOf} from "../loop/readoutRow.ts";
import type {PositionRecord} from "./positionRecord.ts";

/** What one position would say after each of its steps; see StepReadout. Arrays by step, the start first; the top ones [steps, top]. */
export interface PositionReadout {
  readonly topIds: Int32Array;
  readonly topLogprobs: Float32Array;
  readonly entropy: Float32Array;
  readonly klPrev: Float32Array;
  readonly klFinal: Float32Array;
  /** Of the token that came; NaN where none did. */
  readonly targetLogprob: Float32Array;
}

const CHUNK_BYTES = 32_000_000; // of logits that are in memory at once

/** Reads a position's kept rows; `target` is the token that followed. */
export async function positionReadout(
  engine: Engine,
  {rows}: Pick<PositionRecord, "rows">,
  {top, target}: {readonly top: number; readonly target: number | undefined}
): Promise<PositionReadout> {
  const {vocab} = engine.model;
  const steps = rows.length;
  const series = () => new Float32Array(steps).fill(NaN);
  const readout: PositionReadout = {
    topIds: new Int32Array(steps * top),
    topLogprobs: new Float32Array(steps * top),
    entropy: series(),
    klPrev: series(),
    klFinal: series(),
    targetLogprob: series()
  };
  const last = (await logprobsOf(engine, rows.slice(-1)))[0];
  const chunk = Math.max(1, Math.floor(CHUNK_BYTES / (vocab * Float32Array.BYTES_PER_ELEMENT)));
  let previous: Float32Array | undefined;
  for (let from = 0; from < steps; from += chunk) {
    for (const [i, now] of (await logprobsOf(engine, rows.slice(from, from + chunk))).entries()) {
      const step = from + i;
      const places = [step * top, (step + 1) * top] as const;
      topOf(now, readout.topIds.subarray(...places), readout.topLogprobs.subarray(...places));
      readout.entropy[step] = entropyOf(now);
      if (previous) readout.klPrev[step] = divergenceOf(previous, now);
      readout.klFinal[step] = divergenceOf(now, last);
      if (target !== undefined) readout.targetLogprob[step] = now[target];
      previous = now;
    }
  }
  return readout;
}

async function logprobsOf(engine: Engine, rows: readonly Float32Array[]): Promise<Float32Array[]> {
  const {width, vocab} = engine.model;
  const all = new Float32Array(rows.length * width);
  rows.forEach((row, i) => all.set(row, i * width));
  const logits = await engine.head(all);
  return rows.map((_, i) => {
    const row = logits.subarray(i * vocab, (i + 1) * vocab);
    return logSoftmax(row, row);
  });
}
