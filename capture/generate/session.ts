import {Refusal} from "../trace/refusal.ts";
import type {Engine} from "../engine/engine.ts";
import {noTaps, type Taps} from "../model/site.ts";
import {cacheStrategy} from "./cacheStrategy.ts";
import {keyValueStore} from "./keyValueStore.ts";
import {stepAttentions} from "./stepAttentions.ts";
import {plainCache, stepCache, stepsCache} from "./stepCaches.ts";

/**
 * A sequence that goes on: positions are taken up a chunk at a time, advance by steps, and leave their keys and values behind. The same
 * functions, sites and taps as in a capture; one initial state. One call at a time.
 */
export interface Session {
  /** Positions that are there, the current chunk's included. */
  readonly length: number;
  /** Steps that the current chunk has taken. */
  readonly steps: number;
  /** The current chunk's state [tokens, carriedWidth]; the caller may read it, not write to it. */
  readonly state: Float32Array;
  /** What every step of the current chunk is given again [tokens, inputWidth]. */
  readonly input: Float32Array;
  /** What the model's own exit gate says of the last position after the last step; undefined where it has none. */
  readonly gate?: number;
  /** Core steps so far, a token's step counted once. */
  readonly coreSteps: number;
  /** Positions that were taken up so far, those that were forgotten again included. */
  readonly taken: number;
  /** Bytes of keys and values. */
  readonly bytes: number;
  /**
   * Takes up the next tokens. `start` makes their initial states [tokens, carriedWidth] of the model's own start (zeros where it is
   * drawn), and stands for it where it is left out; `input` likewise changes what every step is given again. Throws a Refusal for ids that the model does not know, or more than it can take.
   */
  extend(ids: readonly number[], start?: (own: Float32Array) => Float32Array, input?: (own: Float32Array) => Float32Array): Promise<void>;
  /** One step of the current chunk, or up to `most` of them where that many are quickly done in one go. */
  step(most?: number): Promise<Float32Array>;
  /** What the head reads [tokens, width] of the current chunk, through the model's own lens. */
  read(): Promise<Float32Array>;
  /** Logits [rows, vocab] of rows that `read` gave. */
  head(rows: Float32Array): Promise<Float32Array>;
  /** Forgets all positions from `length` on; the chunk is over. */
  truncate(length: number): void;
}

interface SessionOptions {
  /** The cache strategy's name; see cacheStrategy. Defaults to `full`. */
  readonly strategy?: string;
  /** What is recorded or changed on the way: called with the current chunk's values; defaults to nothing. */
  readonly taps?: Taps;
  /** Tokens at the start of the first chunk that see one another in both directions; defaults to none. */
  readonly prefix?: number;
}

const AT_ONCE = 1e9; // numbers of weights, times tokens, that steps in one go read at most: some tenths of a second, after which a generation can be ended

/** Begins an empty sequence. Throws a Refusal for an unknown strategy. */
export function openSession(engine: Engine, {strategy: name = "full", taps = noTaps, prefix = 0}: SessionOptions = {}): Session {
  const {model} = engine;
  const attentions = stepAttentions(model);
  const strategy = cacheStrategy(name, attentions.length);
  const store = keyValueStore();
  let gate: number | undefined;
  const stepTaps = withGate(model.exitGate, taps, (value) => {
    gate = value;
  });
  let before = 0; // positions before the current chunk
  let tokens = 0;
  let steps = 0;
  let coreSteps = 0;
  let taken = 0;
  let state: Float32Array = new Float32Array(0);
  let input: Float32Array = new Float32Array(0);

  const placed = () => ({inits: 1, tokens, step: steps, taps, ...(before === 0 && prefix > 0 ? {prefix: Math.min(prefix, tokens)} : {})});
  const chunk = () => Array.from({length: tokens}, (_, i) => before + i);
  const ownSlots = () => plainCache(store, before, chunk());
  const coreSlots = () => ({store, strategy, attentions, step: steps, before, positions: chunk()});
  const weights = model.weights.reduce((sum, {shape}) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const isTapped = stepTaps.records.length > 0 || stepTaps.changes.length > 0;

  return {
    get length() {
      return before + tokens;
    },
    get steps() {
      return steps;
    },
    get state() {
      return state;
    },
    get input() {
      return input;
    },
    get gate() {
      return gate;
    },
    get coreSteps() {
      return coreSteps;
    },
    get taken() {
      return taken;
    },
    get bytes() {
      return store.bytes;
    },
    async extend(ids, start = (own) => own, changed = (own) => own) {
      if (before + tokens + ids.length > model.maxTokens)
        throw new Refusal(`context too long: ${before + tokens + ids.length} tokens; the model takes at most ${model.maxTokens}`);
      before += tokens;
      tokens = ids.length;
      taken += tokens;
      steps = 0;
      const positions = chunk();
      const begun = await engine.begin(ids, {
        taps,
        positions,
        cache: ownSlots(),
        ...(before === 0 ? {prefix: Math.min(prefix, tokens)} : {})
      });
      input = changed(begun.input);
      state = start(begun.start);
    },
    async step(most = 1) {
      const positions = chunk();
      let count = 1;
      if (engine.several && !isTapped) {
        const {keyWidth: width, steps: run} = engine.several;
        const cache = stepsCache(coreSlots(), {count: Math.max(1, Math.min(most, Math.floor(AT_ONCE / (weights * tokens)))), width});
        count = cache.count;
        state = await run(state, input, {tokens, positions, count, cache, prefix: placed().prefix});
      } else
        state = await engine.step(state, input, {...placed(), taps: stepTaps, step: steps + 1, positions, cache: stepCache(coreSlots())});
      steps += count;
      coreSteps += count * tokens;
      return state;
    },
    read: () => engine.decode(state, {...placed(), positions: chunk(), cache: ownSlots()}),
    head: (rows) => engine.head(rows),
    truncate(length) {
      store.truncate(length);
      before = Math.min(before + tokens, length);
      tokens = 0;
    }
  };
}

/** The taps, and an ear for the exit gate's last position. */
function withGate(site: string | undefined, taps: Taps, hear: (value: number) => void): Taps {
  if (site === undefined) return taps;
  const isAsked = taps.records.includes(site) || taps.changes.includes(site);
  return {
    ...taps,
    records: [...taps.records, site],
    tap(name, step, value) {
      if (name !== site) return taps.tap(name, step, value);
      const changed = isAsked ? taps.tap(name, step, value) : undefined;
      hear((changed ?? value).at(-1)!);
      return changed;
    }
  };
}
