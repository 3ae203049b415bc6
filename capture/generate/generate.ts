import type {Model} from "../model/family.ts";
import {advance, type AdvanceOptions} from "./advance.ts";
import {chooseToken, type SamplerOptions} from "./sampler.ts";
import type {Session} from "./session.ts";
import type {StartsOf} from "./starts.ts";

/** A token that was chosen, and how the position before it went through the loop. */
interface Chosen {
  readonly id: number;
  /** Steps after which it was read. */
  readonly steps: number;
  /** The exit rule's value after each of them. */
  readonly values: readonly number[];
  /** ln p of the token in the model's own distribution. */
  readonly logprob: number;
}

export interface GenerateOptions extends Omit<AdvanceOptions, "steps"> {
  readonly steps: number;
  readonly maxNew: number;
  readonly sampler: SamplerOptions;
  /** Uniform numbers in [0, 1), for sampling. */
  readonly random: () => number;
  readonly starts: StartsOf;
  /**
   * Continuous compute: a new token starts from the state of the one before it, `raw` or through the last norm. The reference carries the
   * normed state in `generate_minimal` and the raw one in `generate_with_adaptive_compute`. Defaults to fresh starts.
   */
  readonly carry?: (state: Float32Array) => Float32Array;
  /** How a prompt is taken up: all positions together, or one after the other, each with an exit of its own; defaults to together. */
  readonly prefill?: "together" | "each";
  /** Called as each chunk of positions has gone through. */
  readonly onAdvanced?: (chunk: {
    readonly from: number;
    readonly count: number;
    readonly steps: number;
    readonly values: readonly number[];
  }) => void;
}

/**
 * Greedy or sampled tokens after a prompt, one at a time; ends after `maxNew`, or when the caller stops listening. The last token is chosen
 * and not taken up.
 */
export async function* generate(
  session: Session,
  prompt: readonly number[],
  model: Pick<Model, "width" | "carriedWidth">,
  options: GenerateOptions
): AsyncGenerator<Chosen, void, undefined> {
  const {maxNew, sampler, random, carry, starts, prefill = "together", onAdvanced} = options;
  const history = [...prompt];
  let carried: Float32Array | undefined;
  const takeUp = async (ids: readonly number[]) => {
    const from = session.length;
    await session.extend(ids, (own) => carried ?? starts(from, own));
    const advanced = await advance(session, model, options);
    if (carry) carried = carry(session.state.slice(session.state.length - model.carriedWidth));
    onAdvanced?.({from, count: ids.length, steps: advanced.steps, values: advanced.values});
    return advanced;
  };
  const chunks = prefill === "each" ? prompt.map((id) => [id]) : [prompt];
  let last = await takeUp(chunks[0]);
  for (const chunk of chunks.slice(1)) last = await takeUp(chunk);
  for (let made = 1; ; ++made) {
    const id = chooseToken(last.logits, history, sampler, random);
    history.push(id);
    yield {id, steps: last.steps, values: last.values, logprob: logprobOf(last.logits, id)};
    if (made === maxNew) return;
    last = await takeUp([id]);
  }
}

function logprobOf(logits: Float32Array, id: number): number {
  let most = -Infinity;
  for (const logit of logits) if (logit > most) most = logit;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - most);
  return logits[id] - most - Math.log(sum);
}
