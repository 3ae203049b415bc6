import {wholeTurns, witnessOf, type Cycle} from "../../analysis/patterns/witness.ts";
import {STATE} from "../../capture/model/site.ts";
import {MOST_PERIOD, type RunSpectrum} from "../../capture/spectrum/spectrumSchema.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import type {Trace} from "../../capture/trace/schema.ts";
import type {PatternAnswer, Patterns, WitnessAnswer, Witnesses} from "../contract/contract.ts";

/** The site whose labels the Jacobian of the core step can speak of. */
export const WITNESSED_SITE = STATE;

/** A spectrum of a run that its labels ask for. */
interface WitnessQuestion {
  readonly init: number;
  /** Tokens whose blocks are needed; all without. */
  readonly tokens?: readonly number[];
  /** Steps of whole turns of an orbit. */
  readonly period?: number;
}

/** The spectra that the labels of one init ask for: one at the last state, where a label rests on it, and one over the turns of each orbit's period. */
export function witnessQuestions({tokens, summary}: Patterns, init: number): WitnessQuestion[] {
  const ends = new Map<number | undefined, number>(); // the last token that asks, by the steps of its turns
  for (const answer of tokens)
    if (answer.init === init) {
      const steps = turnsOf(answer, summary.steps);
      ends.set(steps, Math.max(answer.index, ends.get(steps) ?? 0));
    }
  return [...ends].map(([period, end]) =>
    period === undefined ? {init} : {init, period, tokens: Array.from({length: end + 1}, (_, token) => token)}
  );
}

/** Labels of `state` with what spectra of the run say of those of their inits. Those whose token sees a token that no spectrum has stay without. */
export function withWitness(patterns: Patterns, spectra: readonly RunSpectrum[], {prefix}: Pick<Trace, "prefix">): Patterns {
  return {
    ...patterns,
    tokens: patterns.tokens.map((answer) => {
      const witness = witnessAnswer(answer, {
        spectra: spectra.filter(({sequence}) => sequence.init === answer.init),
        steps: turnsOf(answer, patterns.summary.steps),
        prefix
      });
      return witness ? {...answer, witness} : answer;
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

/** Steps of an orbit's whole turns; undefined for any other label, and for a period of which no such number is near or within the run's states. */
const turnsOf = ({pattern, period}: Pick<PatternAnswer, "pattern" | "period">, states: number): number | undefined =>
  pattern === "orbit" && period !== null ? wholeTurns(period, Math.min(MOST_PERIOD, states - 1)) : undefined;

interface WitnessParts {
  /** Of the label's own init. */
  readonly spectra: readonly RunSpectrum[];
  /** Of the orbit's turns. */
  readonly steps: number | undefined;
  readonly prefix: number;
}

function witnessAnswer(answer: PatternAnswer, {spectra, steps, prefix}: WitnessParts): WitnessAnswer | undefined {
  const {index, pattern, rate, period} = answer;
  const cycle = spectra.map((spectrum) => cycleOf(spectrum, {token: index, steps, prefix})).find((found) => found);
  const eigenvalues = spectra.map((spectrum) => eigenvaluesSeenBy(index, spectrum, prefix)).find((found) => found);
  if (!cycle && !eigenvalues) return undefined;
  return witnessOf({pattern, rate: rate ?? undefined, period: period ?? undefined}, eigenvalues ?? [], cycle);
}

type Eigenvalues = RunSpectrum["sequence"]["eigenvalues"];

function cycleOf(
  {floquet}: RunSpectrum,
  {token, steps, prefix}: {readonly token: number; readonly steps: number | undefined; readonly prefix: number}
): Cycle | undefined {
  if (!floquet || floquet.period !== steps) return undefined;
  const own = floquet.tokens.find(({index}) => index === token);
  const multipliers = eigenvaluesSeenBy(token, floquet, prefix);
  return own && multipliers && {steps, multipliers, closing: own.closing};
}

/** Eigenvalues by token, and of the whole sequence. */
interface Blocks {
  readonly tokens: readonly {readonly index: number; readonly eigenvalues: Eigenvalues}[];
  readonly sequence: {readonly eigenvalues: Eigenvalues};
}

/**
 * Where attention is causal, a token's next state depends on the states up to its own, and the Jacobian of those is block triangular: its eigenvalues are the blocks'.
 * Tokens that see one another in both directions have the whole sequence's. Undefined where a block is not there.
 */
function eigenvaluesSeenBy(token: number, {tokens, sequence}: Blocks, prefix: number): Eigenvalues | undefined {
  if (prefix > 0) return sequence.eigenvalues;
  const blocks = tokens.filter(({index, eigenvalues}) => index <= token && eigenvalues.length > 0);
  return blocks.length === token + 1 ? blocks.flatMap(({eigenvalues}) => eigenvalues) : undefined;
}
