import type {ModelConfig} from "../families/huginn/config.ts";
import type {Taps} from "../families/huginn/sites.ts";
import type {ComputeDtype, EngineKind, Lens} from "./choices.ts";

/** The batch that an array of states holds: layout `[init][token][width]`. */
export interface Batch {
  readonly inits: number;
  readonly tokens: number;
}

export interface PassOptions extends Batch {
  /** The step that taps are told; defaults to 0. */
  readonly step?: number;
  /** What is recorded or changed on the way; defaults to nothing. */
  readonly taps?: Taps;
}

/** The program and version that computes, where, and with how many threads (0: as many as it likes). */
export interface EngineInfo {
  readonly name: string;
  readonly version: string;
  readonly device: string;
  readonly threads: number;
}

/** A loaded model. All arrays are float32 and row-major; each call answers with an array of its own. One call at a time. */
export interface Engine {
  readonly kind: EngineKind;
  readonly config: ModelConfig;
  /** What computes, as the trace notes it. */
  readonly info: EngineInfo;
  readonly compute: ComputeDtype;
  /** ln_f's weight [width], which makes `state_normed` of `state` without the model. */
  readonly finalNorm: Float32Array;
  /** A weight's numbers by the model's own name for it; see weightsOf. */
  weight(name: string): Promise<Float32Array>;
  /** The injected input e [tokens, width]. Taps see `embed`, `prelude.{i}.out` and `input`, at step 0. */
  prelude(ids: readonly number[], options?: {readonly taps?: Taps}): Promise<Float32Array>;
  /** The next state [inits, tokens, width]; `input` is [tokens, width] or [inits, tokens, width]. Taps see the core's sites. */
  step(state: Float32Array, input: Float32Array, options: PassOptions): Promise<Float32Array>;
  /** What the head reads [inits, tokens, width]. Taps see `state_normed` and `coda.{i}.out`. */
  decode(state: Float32Array, options: PassOptions & {readonly lens?: Lens}): Promise<Float32Array>;
  /** Logits [rows, vocab] of what `decode` gave, or of any of its rows. */
  head(rows: Float32Array): Promise<Float32Array>;
  /** The next state, and the core step's exact derivative at `state` along `tangent` (both [inits, tokens, width]). */
  jvp(
    state: Float32Array,
    input: Float32Array,
    tangent: Float32Array,
    batch: Batch
  ): Promise<{readonly next: Float32Array; readonly tangent: Float32Array}>;
  dispose(): Promise<void>;
}
