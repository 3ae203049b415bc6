import type {AttentionCache, KeysValues} from "../../capture/engine/attention.ts";
import type {Engine} from "../../capture/engine/engine.ts";

export interface ChunkedOptions {
  readonly ids: readonly number[];
  readonly chunks: readonly number[];
  readonly steps: number;
  /** [tokens, carriedWidth]; defaults to the model's own start. */
  readonly initial?: Float32Array;
  /** Tokens of the first chunk that see one another in both directions. */
  readonly prefix?: number;
}

export interface ChunkedRun {
  /** [tokens, carriedWidth] of each step, the initial state first. */
  readonly states: readonly Float32Array[];
  /** Of the last step, [tokens, vocab]. */
  readonly logits: Float32Array;
  /** What a slot holds in the end. */
  slot(where: string, attention: string): KeysValues;
}

/** Runs one sequence a few tokens at a time, through a cache that keeps every slot of every position. */
export async function runInChunks(engine: Engine, {ids, chunks, steps, initial, prefix = 0}: ChunkedOptions): Promise<ChunkedRun> {
  const {carriedWidth} = engine.model;
  const slots = new Map<string, KeysValues>();
  const empty: KeysValues = {keys: new Float32Array(0), values: new Float32Array(0)};
  const slot = (where: string, attention: string) => slots.get(`${where} ${attention}`) ?? empty;
  const states: Float32Array[][] = Array.from({length: steps + 1}, () => []);
  const logits: Float32Array[] = [];
  let first = 0;
  for (const tokens of chunks) {
    const cacheOf = (where: string): AttentionCache => ({
      length: first,
      past: (attention) => slot(where, attention),
      keep: (attention, made) => {
        const before = slot(where, attention);
        slots.set(`${where} ${attention}`, {keys: joined([before.keys, made.keys]), values: joined([before.values, made.values])});
      }
    });
    const placed = (where: string) => ({cache: cacheOf(where), prefix: first === 0 ? prefix : 0});
    const {input, start} = await engine.begin(ids.slice(first, first + tokens), placed("begin"));
    let state = initial?.slice(first * carriedWidth, (first + tokens) * carriedWidth) ?? start;
    states[0].push(state);
    for (let step = 1; step <= steps; ++step) {
      state = await engine.step(state, input, {inits: 1, tokens, step, ...placed(`step ${step}`)});
      states[step].push(state);
    }
    logits.push(await engine.head(await engine.decode(state, {inits: 1, tokens, step: steps, ...placed("read")})));
    first += tokens;
  }
  return {states: states.map(joined), logits: joined(logits), slot};
}

/** Arrays one after the other. */
export function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, {length}) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
