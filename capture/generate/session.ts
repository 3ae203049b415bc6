import {Refusal} from "../trace/refusal.ts";
import type {Engine} from "../engine/engine.ts";
import {noTaps, type Taps} from "../model/site.ts";
import {cacheStrategy, type CacheStrategy} from "./cacheStrategy.ts";
import {keyValueStore, type KeyValueStore} from "./keyValueStore.ts";
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
  /** What the model's own exit gate says of the current chunk's positions after the last step; undefined before it, and where it has none. */
  readonly gates?: Float32Array;
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

/** A sequence as it stands. */
interface Held {
  readonly engine: Engine;
  readonly store: KeyValueStore;
  readonly strategy: CacheStrategy;
  readonly attentions: ReturnType<typeof stepAttentions>;
  readonly taps: Taps;
  readonly stepTaps: Taps;
  readonly prefix: number;
  /** Numbers of all weights. */
  readonly weights: number;
  /** Positions before the current chunk, and in it. */
  before: number;
  tokens: number;
  steps: number;
  coreSteps: number;
  taken: number;
  state: Float32Array;
  input: Float32Array;
  gates: Float32Array | undefined;
}

/** Begins an empty sequence. Throws a Refusal for an unknown strategy. */
export function openSession(engine: Engine, {strategy = "full", taps = noTaps, prefix = 0}: SessionOptions = {}): Session {
  const {model} = engine;
  const attentions = stepAttentions(model);
  const held: Held = {
    ...{engine, attentions, taps, prefix, store: keyValueStore(), strategy: cacheStrategy(strategy, attentions.length)},
    stepTaps: withGate(model.exitGate, taps, (value) => {
      held.gates = value;
    }),
    weights: model.weights.reduce((sum, {shape}) => sum + shape.reduce((a, b) => a * b, 1), 0),
    ...{before: 0, tokens: 0, steps: 0, coreSteps: 0, taken: 0, state: new Float32Array(0), input: new Float32Array(0), gates: undefined}
  };
  return {
    get length() {
      return held.before + held.tokens;
    },
    get steps() {
      return held.steps;
    },
    get state() {
      return held.state;
    },
    get input() {
      return held.input;
    },
    get gates() {
      return held.gates;
    },
    get coreSteps() {
      return held.coreSteps;
    },
    get taken() {
      return held.taken;
    },
    get bytes() {
      return held.store.bytes;
    },
    extend: (ids, start, input) => extend(held, ids, {start, input}),
    step: (most) => advance(held, most),
    read: () => engine.decode(held.state, {...placed(held), positions: chunkOf(held), cache: ownSlots(held)}),
    head: (rows) => engine.head(rows),
    truncate(length) {
      held.store.truncate(length);
      held.before = Math.min(held.before + held.tokens, length);
      held.tokens = 0;
    }
  };
}

/** Another session's answers, but for what is done in another way. */
export const onSession = (session: Session, own: Pick<Session, "extend" | "step" | "read" | "head" | "truncate">): Session => ({
  get length() {
    return session.length;
  },
  get steps() {
    return session.steps;
  },
  get state() {
    return session.state;
  },
  get input() {
    return session.input;
  },
  get gates() {
    return session.gates;
  },
  get coreSteps() {
    return session.coreSteps;
  },
  get taken() {
    return session.taken;
  },
  get bytes() {
    return session.bytes;
  },
  ...own
});

const chunkOf = ({before, tokens}: Held): number[] => Array.from({length: tokens}, (_, i) => before + i);
const prefixOf = ({before, tokens, prefix}: Held): number => (before === 0 ? Math.min(prefix, tokens) : 0);
const placed = (held: Held) => {
  const prefix = prefixOf(held);
  return {inits: 1, tokens: held.tokens, step: held.steps, taps: held.taps, ...(prefix > 0 && {prefix})};
};
const ownSlots = (held: Held) => plainCache(held.store, held.before, chunkOf(held));
const coreSlots = (held: Held) => {
  const {store, strategy, attentions, steps: step, before} = held;
  return {store, strategy, attentions, step, before, positions: chunkOf(held)};
};

type Change = (own: Float32Array) => Float32Array;
const unchanged: Change = (own) => own;

async function extend(
  held: Held,
  ids: readonly number[],
  {start = unchanged, input = unchanged}: {readonly start: Change | undefined; readonly input: Change | undefined}
): Promise<void> {
  const {engine, taps} = held;
  const length = held.before + held.tokens + ids.length;
  if (length > engine.model.maxTokens)
    throw new Refusal(`context too long: ${length} tokens; the model takes at most ${engine.model.maxTokens}`);
  held.before += held.tokens;
  held.tokens = ids.length;
  held.taken += held.tokens;
  held.steps = 0;
  held.gates = undefined;
  const prefix = held.before === 0 ? {prefix: prefixOf(held)} : {};
  const begun = await engine.begin(ids, {taps, positions: chunkOf(held), cache: ownSlots(held), ...prefix});
  held.input = input(begun.input);
  held.state = start(begun.start);
}

/** One step, or several in one go where the engine has that and nothing is recorded or changed on the way. */
async function advance(held: Held, most = 1): Promise<Float32Array> {
  const {engine, state, input, tokens, stepTaps, weights} = held;
  const positions = chunkOf(held);
  const isTapped = stepTaps.records.length > 0 || stepTaps.changes.length > 0;
  let count = 1;
  if (engine.several && !isTapped) {
    const {keyWidth: width, steps: run} = engine.several;
    const quick = Math.max(1, Math.min(most, Math.floor(AT_ONCE / (weights * tokens))));
    const cache = stepsCache(coreSlots(held), {count: quick, width});
    count = cache.count;
    held.state = await run(state, input, {tokens, positions, count, cache, prefix: placed(held).prefix});
  } else {
    const step = held.steps + 1;
    held.state = await engine.step(state, input, {...placed(held), taps: stepTaps, step, positions, cache: stepCache(coreSlots(held))});
  }
  held.steps += count;
  held.coreSteps += count * tokens;
  return held.state;
}

/** The taps, and an ear for the exit gate. */
function withGate(site: string | undefined, taps: Taps, hear: (values: Float32Array) => void): Taps {
  if (site === undefined) return taps;
  const isAsked = taps.records.includes(site) || taps.changes.includes(site);
  return {
    ...taps,
    records: [...taps.records, site],
    tap(name, step, value) {
      if (name !== site) return taps.tap(name, step, value);
      const changed = isAsked ? taps.tap(name, step, value) : undefined;
      hear(changed ?? value);
      return changed;
    }
  };
}
