import {visible} from "../../capture/trace/visible.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";

/** Finds where numbers cease to be finite, in states [steps, inits, tokens, width] that come in pieces. */
interface BrokenPaths {
  /** The next numbers, in their order. */
  add(numbers: Float32Array): void;
  /** A line for each path with NaN or Infinity, by its token (and init, where there are several), up to twenty. */
  lines(names?: readonly string[]): readonly string[];
}

const MOST_LINES = 20;

/** The lines of a run's trajectories that end in NaN or Infinity; such a number spreads to all later steps, so only a run whose last step has one is read through. */
export async function brokenLines(reader: TraceReader): Promise<readonly string[]> {
  const {trace, sites} = reader;
  const last = trace.steps_written;
  if (last < 0 || !sites.includes("state")) return [];
  const [inits, tokens] = [trace.inits.length, trace.tokens.length];
  const broken = brokenPaths([last + 1, inits, tokens, trace.width]);
  const {data} = await reader.readSite("state", {steps: [last, last]});
  if (data.every(Number.isFinite)) return [];
  for (let step = 0; step <= last; ++step) broken.add((await reader.readSite("state", {steps: [step, step]})).data);
  return broken.lines(trace.tokens.map(({text}) => text));
}

export function brokenPaths([, inits, tokens, width]: readonly [number, number, number, number]): BrokenPaths {
  const first = new Map<number, {readonly step: number; readonly value: number}>(); // by path
  let at = 0;
  return {
    add(numbers) {
      let nothing = 0;
      for (let i = 0; i < numbers.length; ++i) nothing += numbers[i] * 0; // NaN for NaN and for Infinity
      if (nothing !== 0) {
        for (let i = 0; i < numbers.length; ++i) {
          if (Number.isFinite(numbers[i])) continue;
          const row = Math.floor((at + i) / width);
          const path = row % (inits * tokens);
          if (!first.has(path)) first.set(path, {step: Math.floor(row / (inits * tokens)), value: numbers[i]});
        }
      }
      at += numbers.length;
    },
    lines(names = []) {
      const all = [...first].sort(([a], [b]) => a - b);
      const lines = all.slice(0, MOST_LINES).map(([path, {step, value}]) => {
        const token = path % tokens;
        const name = names[token] === undefined ? "" : ` ${visible(JSON.stringify(names[token]))}`;
        return `token ${token}${name}${inits > 1 ? ` of init ${Math.floor(path / tokens)}` : ""} is not finite from step ${step} on (${value})`;
      });
      return all.length > MOST_LINES ? [...lines, `${all.length - MOST_LINES} further trajectories are not finite`] : lines;
    }
  };
}
