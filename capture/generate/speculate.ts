import {advance} from "./advance.ts";
import {argmax} from "./sampler.ts";
import type {Session} from "./session.ts";

export interface SpeculateOptions {
  /** Steps of a draft, and of its verification. */
  readonly draftSteps: number;
  readonly steps: number;
  /** Tokens drafted at a time. */
  readonly lookahead: number;
  readonly maxNew: number;
  /** A draft is accepted where its probability is at least this share of the likeliest token's; 1 (the default) accepts only what greedy decoding takes. */
  readonly threshold?: number;
  readonly initial: (from: number, count: number) => Float32Array | undefined;
  readonly signal?: AbortSignal;
}

/** Tokens that one round gave: the accepted drafts, and the verifier's own where it disagreed. */
export interface Round {
  readonly ids: readonly number[];
  readonly drafted: number;
  readonly accepted: number;
}

/**
 * Self-speculative greedy decoding: the same weights draft with few steps and verify with many, in one chunk (Geiping et al. 2025). With
 * starts that depend on the position alone the tokens are those of plain greedy decoding at `steps`. As in the reference, a draft that is
 * accepted whole gives no further token, and the last round may give up to `lookahead − 1` tokens too many, which are cut here.
 */
export async function* speculate(
  session: Session,
  prompt: readonly number[],
  width: number,
  options: SpeculateOptions
): AsyncGenerator<Round, void, undefined> {
  const {draftSteps, steps, lookahead, maxNew, threshold = 1, initial, signal} = options;
  const takeUp = async (ids: readonly number[], depth: number) => {
    await session.extend(ids, initial(session.length, ids.length));
    return advance(session, width, {steps: depth, signal});
  };
  let last = argmax((await takeUp(prompt, steps)).logits);
  let made = 1;
  yield {ids: [last], drafted: 0, accepted: 0};
  while (made < maxNew) {
    const committed = session.length;
    const drafts: number[] = [];
    for (let token = last; drafts.length < lookahead; ) {
      token = argmax((await takeUp([token], draftSteps)).logits);
      drafts.push(token);
    }
    session.truncate(committed);
    await takeUp([last, ...drafts.slice(0, -1)], steps);
    const accepted: number[] = [];
    const rows = await session.read();
    for (let i = 0; i < drafts.length; ++i) {
      const logits = await session.head(rows.subarray(i * width, (i + 1) * width));
      const best = argmax(logits);
      if (drafts[i] !== best && !(threshold < 1 && Math.exp(logits[drafts[i]] - logits[best]) >= threshold)) {
        accepted.push(best);
        break;
      }
      accepted.push(drafts[i]);
    }
    session.truncate(committed + accepted.length);
    last = accepted[accepted.length - 1];
    const ids = accepted.slice(0, maxNew - made);
    made += ids.length;
    yield {ids, drafted: drafts.length, accepted: accepted.filter((id, i) => id === drafts[i]).length};
  }
}
