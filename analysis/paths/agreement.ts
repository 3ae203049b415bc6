import {Refusal} from "../../capture/trace/refusal.ts";

/** Whether the starts of one token decode to the same answer, by step. */
export interface Agreement {
  /** Share of starts whose most probable token is the one that most starts have, 1/n to 1, by step. */
  readonly share: Float64Array;
  /** Mean Kullback–Leibler divergence in nats over ordered pairs of starts, by step. */
  readonly divergence: Float64Array;
  /** The most probable token of most starts at the last step; among equals the smaller id. */
  readonly answer: number;
  /** First step from which on all starts have the same most probable token; undefined where they do not at the last step. */
  readonly answerStep?: number;
  /** First step from which on the divergence stays at or below the threshold; undefined where it is above at the last step. */
  readonly divergenceStep?: number;
}

/** What the logits of one step say about agreement; kept instead of the logits. */
export interface AnswerMoment {
  /** Most probable token ids, `[start][token]`; among equals the smaller id. */
  readonly top: Int32Array;
  /** Mean divergence over ordered pairs of starts, `[token]`. */
  readonly divergence: Float64Array;
}

interface LogitsShape {
  readonly starts: number;
  readonly tokens: number;
  readonly vocab: number;
}

/** The divergence up to which two answers count as one: the default threshold of the authors' KL exit rule, 1e-3 nats. */
export const SAME_ANSWER_NATS = 1e-3;

/**
 * Reduces logits `[start][token][vocab]` of one step. The mean over ordered pairs of KL(pᵢ ‖ pⱼ) = Σᵥ pᵢ (log pᵢ − log pⱼ) is computed in time linear in the
 * starts, through Σᵢⱼ pᵢ log pⱼ = (Σᵢ pᵢ)(Σⱼ log pⱼ); 0 for one start.
 */
export function answerMoment(logits: Float32Array, {starts, tokens, vocab}: LogitsShape): AnswerMoment {
  if (logits.length !== starts * tokens * vocab)
    throw new Refusal(`invalid logits: ${logits.length} numbers; expected ${starts} × ${tokens} × ${vocab}`);
  const top = new Int32Array(starts * tokens);
  const divergence = new Float64Array(tokens);
  const sumP = new Float64Array(vocab);
  const sumLog = new Float64Array(vocab);
  for (let token = 0; token < tokens; ++token) {
    sumP.fill(0);
    sumLog.fill(0);
    let own = 0; // Σᵢ Σᵥ pᵢ log pᵢ
    for (let start = 0; start < starts; ++start) {
      const row = logits.subarray((start * tokens + token) * vocab, (start * tokens + token + 1) * vocab);
      const best = argmax(row);
      top[start * tokens + token] = best;
      const logTotal = logSumExp(row, row[best]);
      for (let v = 0; v < vocab; ++v) {
        const log = row[v] - logTotal;
        const p = Math.exp(log);
        sumP[v] += p;
        sumLog[v] += log;
        own += p * log;
      }
    }
    let crossed = 0;
    for (let v = 0; v < vocab; ++v) crossed += sumP[v] * sumLog[v];
    divergence[token] = starts > 1 ? Math.max(0, (starts * own - crossed) / (starts * (starts - 1))) : 0; // the pairs i = j cancel
  }
  return {top, divergence};
}

/** Agreement of one token over the moments of all steps, oldest first. Throws a Refusal for no moments. */
export function agreementOf(moments: readonly AnswerMoment[], token: number): Agreement {
  if (moments.length === 0) throw new Refusal("invalid moments: 0; expected at least one");
  const tokens = moments[0].divergence.length;
  const modes = moments.map(({top}) => modeOf(top, token, tokens));
  const share = Float64Array.from(modes, (mode) => mode.share);
  const divergence = Float64Array.from(moments, (moment) => moment.divergence[token]);
  return {
    share,
    divergence,
    answer: modes.at(-1)!.id,
    answerStep: heldFrom(modes.length, (step) => share[step] === 1 && modes[step].id === modes.at(-1)!.id),
    divergenceStep: heldFrom(modes.length, (step) => divergence[step] <= SAME_ANSWER_NATS)
  };
}

/** First step from which on a claim holds to the end; undefined where it does not hold at the last step. */
export function heldFrom(steps: number, holds: (step: number) => boolean): number | undefined {
  let from = steps;
  while (from > 0 && holds(from - 1)) --from;
  return from < steps ? from : undefined;
}

function modeOf(top: Int32Array, token: number, tokens: number): {id: number; share: number} {
  const starts = top.length / tokens;
  const counts = new Map<number, number>();
  for (let start = 0; start < starts; ++start) {
    const id = top[start * tokens + token];
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const [id, count] = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0];
  return {id, share: count / starts};
}

function argmax(row: Float32Array): number {
  let best = 0;
  for (let v = 1; v < row.length; ++v) if (row[v] > row[best]) best = v;
  return best;
}

function logSumExp(row: Float32Array, largest: number): number {
  let sum = 0;
  for (const value of row) sum += Math.exp(value - largest);
  return largest + Math.log(sum);
}
