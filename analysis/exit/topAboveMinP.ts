import {MIN_P} from "./readoutRules.ts";

/** A distribution as `minp-kl` compares it: the tokens that stay, and what each of the others is set to. All of it sums to 1. */
export interface AboveMinP {
  readonly kept: ReadonlyMap<number, number>;
  readonly rest: number;
}

/** What the rule compares the first step with. */
export const uniform = (vocab: number): AboveMinP => ({kept: new Map(), rest: 1 / vocab});

/**
 * The same of the likeliest tokens alone, `ids` with their ln p; undefined where these do not tell it, since they do not reach below
 * a tenth of the likeliest.
 */
export function topAboveMinP(ids: ArrayLike<number>, logprobs: ArrayLike<number>, vocab: number): AboveMinP | undefined {
  const least = Math.max(...Array.from(logprobs)) + Math.log(MIN_P);
  const kept = Array.from(ids, (id, i) => [id, logprobs[i]] as const).filter(([, logprob]) => logprob >= least);
  if (kept.length === ids.length && ids.length < vocab) return undefined;
  const total = kept.reduce((sum, [, logprob]) => sum + Math.exp(logprob), (vocab - kept.length) / vocab);
  return {kept: new Map(kept.map(([id, logprob]) => [id, Math.exp(logprob) / total])), rest: 1 / vocab / total};
}

/** KL(p ‖ q) over a vocabulary of that size, nats. */
export function divergenceAboveMinP(p: AboveMinP, q: AboveMinP, vocab: number): number {
  const ids = new Set([...p.kept.keys(), ...q.kept.keys()]);
  const term = (of: number, to: number) => of * Math.log(of / to);
  let sum = (vocab - ids.size) * term(p.rest, q.rest);
  for (const id of ids) sum += term(p.kept.get(id) ?? p.rest, q.kept.get(id) ?? q.rest);
  return sum;
}
