import {Refusal} from "../../capture/trace/refusal.ts";

/**
 * The four modes of an attractor landscape where the right answer is known, in the vocabulary of Equilibrium Reasoners (arXiv:2605.21488):
 * `no_correct_attractor`, `correct_and_spurious`, `hard_to_reach`, `well_aligned`.
 */
export type LandscapeMode = "no_correct_attractor" | "correct_and_spurious" | "hard_to_reach" | "well_aligned";

export const landscapeModes = [
  "no_correct_attractor",
  "correct_and_spurious",
  "hard_to_reach",
  "well_aligned"
] as const satisfies readonly LandscapeMode[];

/** Where one start ended, and whether its decoded answer is the right one. */
export interface StartOutcome {
  /** Whether it starts as the model itself would: only these say how the model does, the others say what else is there. */
  readonly own: boolean;
  /** Whether it reached an attractor within the run. */
  readonly settled: boolean;
  readonly correct: boolean;
}

/**
 * The mode that a sample of starts shows; the paper names the modes in words, so these are the rules:
 * - no correct attractor: no start of any kind settled with the right answer;
 * - correct and spurious: own starts settle with the right answer, and own starts settle with a wrong one;
 * - hard to reach: the right attractor exists, but some own starts had not settled when the run ended, or only starts that are not the model's own get there;
 * - well aligned: every own start settled with the right answer.
 * It is a statement about these starts: a spurious attractor that takes a share s of starts is missed by n of them with probability (1 − s)ⁿ.
 * Throws a Refusal without own starts.
 */
export function landscapeModeOf(outcomes: readonly StartOutcome[]): LandscapeMode {
  const own = outcomes.filter((outcome) => outcome.own);
  if (own.length === 0) throw new Refusal("invalid outcomes: no start of the model's own; expected at least one");
  const settled = own.filter((outcome) => outcome.settled);
  const right = settled.filter(({correct}) => correct).length;
  if (!outcomes.some((outcome) => outcome.settled && outcome.correct)) return "no_correct_attractor";
  if (right > 0 && right < settled.length) return "correct_and_spurious";
  return right === own.length ? "well_aligned" : "hard_to_reach";
}
