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

/** What may be shown so far: the token, and the text that no stop string can take back. */
export interface GenerationNews {
  readonly token: MadeToken;
  readonly text: string;
}

export interface GenerationResult {
  readonly text: string;
  readonly prompt_tokens: readonly {readonly id: number; readonly text: string; readonly steps: number}[];
  readonly tokens: readonly MadeToken[];
  /** Why it ended: as many tokens as asked for, a token or a string that ends a text, or the caller. */
  readonly stopped: "length" | "token" | "string" | "cancelled";
  readonly kv_bytes: number;
  /** Steps of the core, a position's step counted once. */
  readonly core_steps: number;
  /** Wall time from the first token of the prompt on. */
  readonly seconds: number;
  /** Of speculation: tokens drafted, and those that the verification took. */
  readonly drafted?: number;
  readonly accepted?: number;
  /** The trace folder, where one was asked for. */
  readonly run?: string;
}
