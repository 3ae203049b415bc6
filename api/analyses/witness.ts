import {witnessOf} from "../../analysis/patterns/witness.ts";
import type {RunSpectrum} from "../../capture/spectrum/spectrumSchema.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import type {Trace} from "../../capture/trace/schema.ts";
import type {PatternAnswer, Patterns, WitnessAnswer, Witnesses} from "../contract/contract.ts";

/** The site whose labels the Jacobian of the core step can speak of. */
export const WITNESSED_SITE = "state";

/** Labels of `state` with what a spectrum of the run says of those of its init. Those whose token sees a token that the spectrum does not have stay without. */
export function withWitness(patterns: Patterns, spectrum: RunSpectrum, {prefix}: Pick<Trace, "prefix">): Patterns {
  const {init} = spectrum.sequence;
  return {
    ...patterns,
    tokens: patterns.tokens.map((answer) => {
      const seen = answer.init === init ? eigenvaluesSeenBy(answer.index, spectrum, prefix) : undefined;
      return seen ? {...answer, witness: witnessAnswer(answer, seen)} : answer;
    })
  };
}

/** Those of one init by themselves. */
export const witnessesOf = ({tokens}: Patterns, init: number): Witnesses => ({
  init,
  tokens: tokens.flatMap(({index, init: own, witness}) => (own === init && witness ? [{index, ...witness}] : []))
});

/** Whether a run's step was the model's own: an edited one was not, and the tokens of a generation leave the loop at steps of their own. */
export const isWitnessed = ({edits, generated}: Pick<Trace, "edits" | "generated">): boolean => edits.length === 0 && !generated;

/** Throws a Refusal for a run of whose step the model's Jacobian says nothing. */
export function refuseUnwitnessed(trace: Pick<Trace, "edits" | "generated">): void {
  if (isWitnessed(trace)) return;
  const what = trace.generated ? "a generation" : `edited (${trace.edits.length})`;
  throw new Refusal(`invalid run: ${what}; the witness is the model’s own step, of captures without edits`, {kind: "unusable"});
}

/**
 * Where attention is causal, a token's next state depends on the states up to its own, and the Jacobian of those is block triangular: its eigenvalues are the blocks'.
 * Tokens that see one another in both directions have the whole sequence's. Undefined where a block is not there.
 */
function eigenvaluesSeenBy(
  token: number,
  {tokens, sequence}: RunSpectrum,
  prefix: number
): RunSpectrum["sequence"]["eigenvalues"] | undefined {
  if (prefix > 0) return sequence.eigenvalues;
  const blocks = tokens.filter(({index, eigenvalues}) => index <= token && eigenvalues.length > 0);
  return blocks.length === token + 1 ? blocks.flatMap(({eigenvalues}) => eigenvalues) : undefined;
}

function witnessAnswer({pattern, rate, period}: PatternAnswer, eigenvalues: RunSpectrum["sequence"]["eigenvalues"]): WitnessAnswer {
  return witnessOf({pattern, rate: rate ?? undefined, period: period ?? undefined}, eigenvalues);
}
