/** What may be asked of a capture and of what computes with a model. Nothing is imported here, since the page reads it, too. */

/** The ends of a number, both included, and what stands where nothing is said. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
  readonly usual: number;
}

/** Both ends in words: `1 to 4096`. */
export const ends = ({least, most}: Pick<Bounds, "least" | "most">): string => `${least} to ${most}`;

/** Of everything that is drawn: what the generator takes. */
export const seedBounds: Bounds = {least: 0, most: 2 ** 31 - 1, usual: 0};

export const captureBounds = {
  steps: {least: 1, most: 4096, usual: 64}, // models were trained with 2 to 32, and are studied to 512
  inits: {least: 1, most: 1024, usual: 4},
  scale: {least: 0, most: 1000, usual: 1},
  top: {least: 1, most: 100, usual: 5},
  seed: seedBounds
} as const satisfies Readonly<Record<string, Bounds>>;

/** Of tokens that are made after a prompt. */
export const generateBounds = {
  maxNew: {least: 1, most: 4096, usual: 64},
  minSteps: {least: 1, most: 4096, usual: 1},
  temperature: {least: 0, most: 100, usual: 1},
  topK: {least: 0, most: 1_000_000, usual: 0},
  topP: {least: 0, most: 1, usual: 1},
  minP: {least: 0, most: 1, usual: 0},
  repetitionPenalty: {least: 0.1, most: 10, usual: 1},
  draftSteps: {least: 1, most: 4096, usual: 4},
  lookahead: {least: 1, most: 64, usual: 4}
} as const satisfies Readonly<Record<string, Bounds>>;

/** Diffusion-style decoding: bounds, and the reference's defaults. */
export const diffuseBounds = {
  innerRecurrence: {least: 1, most: 4096, usual: 4},
  headway: {least: 1, most: 64, usual: 1},
  exitT: {least: 0, most: 10, usual: 0.03},
  maxWavefront: {least: 0, most: 4096, usual: 128},
  emaEmbeds: {least: 0, most: 1, usual: 0.1},
  stateNoiseMixing: {least: 0, most: 1, usual: 0.5},
  maxDiffusionSteps: {least: 1, most: 65536, usual: 4096}
} as const satisfies Readonly<Record<string, Bounds>>;

/** When positions of a wavefront freeze: by the state's change, by the change of its change (two ways to align it), by their tokens, or by count. */
export const freezeStrategies = ["latent-diff", "latent-acceleration-1", "latent-acceleration-2", "token-stability", "fixed"] as const;

/** What a new token's loop starts from: noise of its own, or the state of the token before it, raw or through the last norm. */
export const warmStarts = ["none", "normed", "raw"] as const;
/** How a prompt is taken up: all positions together, or each with an exit of its own. */
export const prefills = ["together", "each"] as const;
export const MAX_STOP_STRINGS = 16;
export const MAX_STOP_CHARACTERS = 200;

/** Eigenvalues of each block. */
export const eigenvalueBounds: Bounds = {least: 1, most: 64, usual: 8};

export const MAX_PROMPT_CHARACTERS = 100_000;
export const MAX_TITLE_CHARACTERS = 200;
export const MAX_SITES = 256; // a model of eight blocks lists some 33
export const MAX_EDITS = 1000;

/** How initial states are made: the reference's truncated normal times a scale, zeros, or one number everywhere. */
export const initKinds = ["normal", "zero", "constant"] as const;
export type InitKind = (typeof initKinds)[number];
