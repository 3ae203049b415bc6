import type {Model} from "../model/family.ts";
import type {Ops} from "../model/ops.ts";

/** The names of the attentions within one step, in the order of the computation: what a cache keeps apart. */
export function stepAttentions(model: Model): readonly string[] {
  const names: string[] = [];
  model.step(
    namesOnly((name) => names.push(name)),
    model.parts.map(() => undefined),
    undefined
  );
  return names;
}

/** Computes nothing, and hears the attentions. */
function namesOnly(hear: (name: string) => void): Ops<undefined> {
  const nothing = () => undefined;
  return {
    gather: nothing,
    linear: nothing,
    rmsNorm: nothing,
    inverseRms: nothing,
    meanProduct: nothing,
    times: nothing,
    add: nothing,
    sub: nothing,
    mul: nothing,
    scale: nothing,
    sum: nothing,
    concat: nothing,
    split: (_, sizes) => sizes.map(nothing),
    silu: nothing,
    sigmoid: nothing,
    rope: nothing,
    attention: (_q, _k, _v, {name}) => void hear(name),
    scores: nothing,
    maskedSoftmax: nothing,
    mix: nothing,
    site: nothing
  };
}
