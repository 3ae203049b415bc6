import {valueAt, type Field} from "../plot/field.ts";
import type {Verdicts} from "./verdicts.ts";

const MOVES = 1e-3; // of its norm in the last step: less is nothing that the eye would find

/**
 * The token to open a run with: of its orbits the largest, else its fastest slider; before there are labels the token that moves most in its last
 * step. Undefined where nothing moves: the last token, whose answer is read, is then as good as any.
 */
export function openingToken(verdicts: Verdicts | undefined, {step_norm}: Readonly<Record<string, Field>>): number | undefined {
  if (verdicts) {
    const orbit = strongest(verdicts, "orbit", ({amplitude}) => amplitude);
    return orbit ?? strongest(verdicts, "slider", ({drift_speed}) => drift_speed);
  }
  if (!step_norm || step_norm.steps < 2) return undefined;
  let [best, most] = [-1, MOVES];
  for (let token = 0; token < step_norm.tokens; ++token) {
    const moved = valueAt(step_norm, step_norm.steps - 1, 0, token);
    if (moved > most) [best, most] = [token, moved];
  }
  return best < 0 ? undefined : best;
}

function strongest(
  {tokens}: Verdicts,
  label: "orbit" | "slider",
  sizeOf: (verdict: Verdicts["tokens"][number]) => number | null
): number | undefined {
  const found = tokens.filter(({pattern}) => pattern === label);
  return found.length === 0 ? undefined : found.reduce((best, one) => ((sizeOf(one) ?? 0) > (sizeOf(best) ?? 0) ? one : best)).index;
}

/** The next token after one (or, with −1, before it) that has an orbit or a slider, round the prompt; undefined where none has. */
export function nextPattern(
  {tokens, summary}: Verdicts,
  from: number | undefined,
  by: 1 | -1,
  init: number | undefined
): number | undefined {
  const found = new Set(
    tokens
      .filter((verdict) => (verdict.pattern === "orbit" || verdict.pattern === "slider") && (init === undefined || verdict.init === init))
      .map(({index}) => index)
  );
  const count = summary.tokens;
  for (let i = 1; i <= count; ++i) {
    const token = ((from ?? (by > 0 ? -1 : count)) + by * i + count * i) % count;
    if (found.has((token + count) % count)) return (token + count) % count;
  }
  return undefined;
}
