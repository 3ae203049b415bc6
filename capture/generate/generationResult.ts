import type {WaveRow} from "./diffuse.ts";

/** A token that was made. */
export interface MadeToken {
  readonly id: number;
  readonly text: string;
  /** Steps after which it was read. */
  readonly steps: number;
  /** The exit rule's value after each of them; null where it has none. Empty without a rule. */
  readonly values: readonly (number | null)[];
  /** ln p in the model's own distribution, nats; null of tokens that were verified together. */
  readonly logprob: number | null;
}

/** A token, and the text that no stop string can take back. */
interface TokenNews {
  readonly token: MadeToken;
  readonly text: string;
}

/** A wavefront's row with its tokens' texts. */
export interface ShownRow extends WaveRow {
  readonly texts: readonly string[];
}

/** What may be shown so far: a token, or where the wavefront stands. */
export type GenerationNews = TokenNews | {readonly wave: ShownRow};

export interface GenerationResult {
  readonly text: string;
  readonly prompt_tokens: readonly {readonly id: number; readonly text: string; readonly steps: number}[];
  readonly tokens: readonly MadeToken[];
  /** Why it ended: as many tokens as asked for, a token or a string that ends a text, a wavefront's last iteration, or the caller. */
  readonly stopped: "length" | "token" | "string" | "iterations" | "cancelled";
  readonly kv_bytes: number;
  /** Steps of the core, a position's step counted once. */
  readonly core_steps: number;
  /** Wall time from the first token of the prompt on. */
  readonly seconds: number;
  /** Of speculation: tokens drafted, and those that the verification took. */
  readonly drafted?: number;
  readonly accepted?: number;
  /** Of diffusion: the wavefront after the prompt and after each iteration, and how many of the last ones are not in it. */
  readonly wavefront?: {readonly rows: readonly ShownRow[]; readonly left_out: number};
  /** The trace folder, where one was asked for. */
  readonly run?: string;
}
