import type {Model} from "../model/family.ts";
import type {Taps} from "../model/site.ts";
import type {Placement, StepsCache} from "./attention.ts";
import type {ComputeDtype, EngineKind} from "./choices.ts";

/** The batch that an array of states holds: layout `[init][token][width]`. */
export interface Batch {
  readonly inits: number;
  readonly tokens: number;
}

interface PassOptions extends Batch, Placement {
  /** The step that taps are told; defaults to 0. */
  readonly step?: number;
  /** What is recorded or changed on the way; defaults to nothing. */
  readonly taps?: Taps;
}

/** Steps of one sequence without taps. */
interface Several {
  /** Numbers in a row of keys: key heads · head width. */
  readonly keyWidth: number;
  /** The state after `count` steps [tokens, carriedWidth]. */
  steps(state: Float32Array, input: Float32Array, options: StepsOptions): Promise<Float32Array>;
}

export interface StepsOptions extends Pick<Placement, "prefix"> {
  readonly tokens: number;
  readonly positions: readonly number[];
  readonly count: number;
  readonly cache: StepsCache;
}

/** The program and version that computes, where, and with how many threads (0: as many as it likes). */
export interface EngineInfo {
  readonly name: string;
  readonly version: string;
  readonly device: string;
  readonly threads: number;
}

/** What the tokens alone make. */
interface Beginning {
  /** What every step is given again, [tokens, inputWidth]; empty in a model that injects nothing. */
  readonly input: Float32Array;
  /** The model's own start [tokens, carriedWidth]: zeros in parts that are drawn instead. */
  readonly start: Float32Array;
}

/**
 * A loaded model. All arrays are float32 and row-major; each call answers with an array of its own. One call at a time.
 * Where the tokens of a call continue a sequence, its `cache` has what came before: the same functions then serve a session that
 * goes on token by token.
 */
export interface Engine {
  readonly kind: EngineKind;
  readonly model: Model;
  /** What computes, as the trace notes it. */
  readonly info: EngineInfo;
  readonly compute: ComputeDtype;
  /** A weight's numbers by the model's own name for it; see Model.weights. */
  weight(name: string): Promise<Float32Array>;
  /** Taps see the sites of the phase `before`, at step 0. */
  begin(ids: readonly number[], options?: {readonly taps?: Taps} & Placement): Promise<Beginning>;
  /**
   * The next state [inits, tokens, carriedWidth]; `input` is [tokens, inputWidth], [inits, tokens, inputWidth], or empty where nothing is
   * injected. Taps see the sites of the phase `step`.
   */
  step(state: Float32Array, input: Float32Array, options: PassOptions): Promise<Float32Array>;
  /** Several steps in one go; absent where that is no quicker than one after the other, and in models whose attentions differ in width. */
  readonly several?: Several;
  /** What the head reads [inits, tokens, width], through a lens; defaults to the model's own. Taps see the sites of the phase `read`. */
  decode(state: Float32Array, options: PassOptions & {readonly lens?: string}): Promise<Float32Array>;
  /** Logits [rows, vocab] of what `decode` gave, or of any of its rows. */
  head(rows: Float32Array): Promise<Float32Array>;
  /** The next state, and the step's exact derivative at `state` along `tangent` (both [inits, tokens, carriedWidth]). */
  jvp(
    state: Float32Array,
    input: Float32Array,
    tangent: Float32Array,
    options: Batch & Pick<Placement, "prefix">
  ): Promise<{readonly next: Float32Array; readonly tangent: Float32Array}>;
  dispose(): Promise<void>;
}
