/** Rows of training text, and what must be said at each position of them. */
export interface Drawn {
  /** Token ids [rows, tokens]. */
  readonly ids: Int32Array;
  /** What each position is, an index into the task's kinds, [rows, tokens]. */
  readonly kinds: Int8Array;
  /** The right token at each position after `step` recurrent steps, [rows, tokens]; `NOTHING` where nothing is asked. */
  answers(step: number): Int32Array;
  /** What is right after `step` steps, by which accuracy is counted, where that is not what training asks: less where few steps cannot know, a mixture between two. */
  truth?(step: number): Int32Array;
}

/** The answer at a position where nothing is asked. */
export const NOTHING = -1;

interface DrawOptions {
  readonly rows: number;
  readonly tokens: number;
  /** Where each position's loop starts, [rows, tokens, width]; a task may ask for an answer that depends on it. */
  readonly start: Float32Array;
  /** What rows are drawn of, of a task that has families; defaults to all. */
  readonly families?: readonly string[];
  /** Whether rows are to be of what is never trained on, where a task keeps something back; defaults to no. */
  readonly keptBack?: boolean;
}

/** What a model is trained to do: text made by a seeded generator, one token a character. */
export interface Task {
  /** The vocabulary: each character's place is its token id. */
  readonly characters: string;
  /** Groups of positions in which accuracy is counted. */
  readonly kinds: readonly string[];
  /** What it is, for a model's card. */
  readonly about: string;
  /** Prompts to begin with. */
  readonly examples: readonly {readonly prompt: string; readonly about: string; readonly family?: string}[];
  draw(random: () => number, options: DrawOptions): Drawn;
}
