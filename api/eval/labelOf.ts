import {classifyPath} from "../../analysis/patterns/classifyRun.ts";
import {pathOf, statesOf} from "../../analysis/states.ts";
import type {Engine} from "../../capture/engine/engine.ts";
import {startsOf} from "../../capture/generate/starts.ts";
import {iterate} from "../../capture/loop/iterate.ts";

export const LEAST_STEPS = 16; // fewer states have no label

interface LabelOptions {
  readonly engine: Engine;
  readonly seed: number;
  readonly steps: number;
  readonly signal?: AbortSignal;
}

/** What a prompt's last position, which answers, does over so many steps; null where they are too few. */
export async function labelOf(ids: readonly number[], {engine, seed, steps, signal}: LabelOptions): Promise<string | null> {
  if (steps < LEAST_STEPS) return null;
  const {model} = engine;
  const {start} = await engine.begin(ids);
  const initial = startsOf(model, {seed, init: {kind: "normal", scale: 1}})(0, start);
  const path = new Float32Array((steps + 1) * model.width);
  for await (const {step, state} of iterate(engine, {ids, initial, inits: 1, steps, signal}))
    path.set(state.subarray(state.length - model.width), step * model.width);
  return classifyPath(pathOf(statesOf({steps: steps + 1, inits: 1, tokens: 1, width: model.width}, path), 0, 0)).pattern;
}
