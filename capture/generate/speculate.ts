import {advance} from "./advance.ts";
import {argmax} from "./sampler.ts";
import type {Model} from "../model/family.ts";
import type {Session} from "./session.ts";
import type {StartsOf} from "./starts.ts";

interface SpeculateOptions {
  /** Steps of a draft, and of its verification. */
  readonly draftSteps: number;
  readonly steps: number;
  /** Tokens drafted at a time. */
  readonly lookahead: number;
  readonly maxNew: number;
  /** A draft is accepted where its probability is at least this share of the likeliest token's; 1 (the default) accepts only what greedy decoding takes. */
  readonly threshold?: number;
  readonly starts: StartsOf;
  readonly signal?: AbortSignal;
}

/** Tokens that one round gave: the accepted drafts, and the verifier's own where it disagreed. */
interface Round {
  readonly ids: readonly number[];
  readonly drafted: number;
  readonly accepted: number;
}

/**
 * Self-speculative greedy decoding: the same weights draft with few steps and verify with many, in one chunk (Geiping et al. 2025). With
 * starts that depend on the position alone the tokens are those of plain greedy decoding at `steps`. As in the reference, a draft that is
 * accepted whole gives no further token; the last round drafts no more than are wanted, where the reference cuts what is too many.
 */
export async function* speculate(
  session: Session,
  prompt: readonly number[],
  model: Pick<Model, "width" | "carriedWidth">,
  options: SpeculateOptions
): AsyncGenerator<Round, void, undefined> {
  const {draftSteps, steps, lookahead, maxNew, threshold = 1, starts, signal} = options;
  const takeUp = async (ids: readonly number[], depth: number) => {
    const from = session.length;
    await session.extend(ids, (own) => starts(from, own));
    return advance(session, model, {steps: depth, signal});
  };
  let last = argmax((await takeUp(prompt, steps)).logits);
  let made = 1;
  yield {ids: [last], drafted: 0, accepted: 0};
  while (made < maxNew) {
    const committed = session.length;
    const drafts: number[] = [];
    const wanted = Math.min(lookahead, maxNew - made); // more would be thrown away, and may be beyond the model's context
    for (let token = last; drafts.length < wanted; ) {
      token = argmax((await takeUp([token], draftSteps)).logits);
      drafts.push(token);
    }
    session.truncate(committed);
    const {rows} = await takeUp([last, ...drafts.slice(0, -1)], steps);
    const accepted = await acceptedOf(drafts, {
      threshold,
      logitsAt: (i) => session.head(rows.subarray(i * model.width, (i + 1) * model.width))
    });
    session.truncate(committed + accepted.length);
    last = accepted[accepted.length - 1];
    made += accepted.length;
    yield {ids: accepted, drafted: drafts.length, accepted: accepted.filter((id, i) => id === drafts[i]).length};
  }
}

interface Verifier {
  readonly threshold: number;
  logitsAt(draft: number): Promise<Float32Array>;
}

/** The drafts up to the first that the verifier would not have taken, and its own token there. */
async function acceptedOf(drafts: readonly number[], {threshold, logitsAt}: Verifier): Promise<number[]> {
  const accepted: number[] = [];
  for (const [i, draft] of drafts.entries()) {
    const logits = await logitsAt(i);
    const best = argmax(logits);
    if (draft !== best && !(threshold < 1 && Math.exp(logits[draft] - logits[best]) >= threshold)) return [...accepted, best];
    accepted.push(draft);
  }
  return accepted;
}
