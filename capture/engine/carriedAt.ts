import type {Model} from "../model/family.ts";
import {STATE} from "../model/site.ts";
import type {TraceReader} from "../trace/reader.ts";
import {withPart} from "../model/parts.ts";

/** All parts of a stored step's state side by side, [inits, tokens, carriedWidth]. */
export async function carriedAt(
  reader: TraceReader,
  model: Model,
  {step, inits}: {readonly step: number; readonly inits?: readonly number[]}
): Promise<Float32Array> {
  const {data, ...first} = await reader.readSite(STATE, {steps: [step, step], inits});
  let carried: Float32Array = data;
  if (model.parts.length > 1) carried = new Float32Array(first.inits * first.tokens * model.carriedWidth);
  for (const {name} of model.parts)
    carried = withPart(model, carried, {name, value: (await reader.readSite(name, {steps: [step, step], inits})).data});
  return carried;
}
