import type {Engine} from "../engine/engine.ts";
import {partOf, withPart} from "../model/parts.ts";
import type {GenerateSpec} from "./generateSpec.ts";

/**
 * What a new position's loop starts from in continuous compute: the last state of the position before it, as it is or through the model's
 * last norm; undefined for fresh starts. The model must have a norm where `normed` is asked for.
 */
export async function warmStart(
  engine: Engine,
  kind: GenerateSpec["warm_start"]
): Promise<((state: Float32Array) => Float32Array) | undefined> {
  if (kind === "none") return undefined;
  if (kind === "raw") return (state) => state;
  const {model} = engine;
  const {weight: name, eps} = model.stateNorm!;
  const weight = name === undefined ? undefined : await engine.weight(name);
  return (state) => {
    const x = partOf(model, state);
    const inverse = 1 / Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / x.length + eps);
    return withPart(model, state, {value: x.map((value, i) => value * inverse * (weight?.[i] ?? 1))});
  };
}
