import {READOUT_CURVES} from "../../capture/trace/readoutNames.ts";

/**
 * What is said of every state of a run, a number each: here alone stands what a measure is called, what it is in, how it is drawn and
 * where its formula comes from. Curves, heat maps, tables, reports and the documentation read it. What a measure is computed by stands
 * in `stateCurves.ts`, or with the readout that it is of.
 */
export interface Measure {
  /** In a list. */
  readonly name: string;
  /** On an axis: what it is, and its unit where it has one. */
  readonly title: string;
  readonly unit: "" | "nats";
  /** What its colours and its axis run over: decades, amounts from zero, or both signs of −1 to 1. */
  readonly scale: "log" | "linear" | "signed";
  /** The ends of its axis; undefined where they are those of the numbers. */
  readonly domain?: readonly [number, number];
  /** What it is computed from: the states of a site, what each step would say, several starts of one prompt, or two runs. */
  readonly of: "states" | "readout" | "starts" | "runs";
  /** Whether it goes down to the noise floor, which is then drawn with it. */
  readonly hasFloor: boolean;
  readonly formula: string;
  /** Where it is from, or what it is there for. */
  readonly source: string;
  /** What a reader of it must know. */
  readonly about: string;
}

const HUGINN = "Geiping et al. 2025, Scaling up Test-Time Compute with Latent Reasoning (arXiv 2502.05171)";

export const MEASURES = {
  step_norm: {
    name: "step norm",
    title: "Length of the step, relative to the state's norm",
    unit: "",
    scale: "log",
    of: "states",
    hasFloor: true,
    formula: "‖hₜ − hₜ₋₁‖ / ‖hₜ‖",
    source: HUGINN,
    about:
      "Not defined at the first state. A small step is no proof of convergence: a cycle whose period divides the interval looks at rest."
  },
  distance: {
    name: "distance",
    title: "Distance to the last state, relative to its norm",
    unit: "",
    scale: "log",
    of: "states",
    hasFloor: true,
    formula: "‖hₜ − h_last‖ / ‖h_last‖",
    source: HUGINN,
    about: "h_last is the last state of this run, so the distance is 0 there by construction."
  },
  step_cosine: {
    name: "step cosine",
    title: "Cosine of successive steps",
    unit: "",
    scale: "signed",
    domain: [-1, 1],
    of: "states",
    hasFloor: false,
    formula: "cos∠(hₜ − hₜ₋₁, hₜ₋₁ − hₜ₋₂)",
    source: "Two-Scale Latent Dynamics for Recurrent-Depth Transformers, Pappone et al. 2025 (arXiv 2509.23314)",
    about:
      "Not defined at the first two states. In the rounding noise about a fixed point it tends to −½ whatever the dynamics: read it above the noise floor only."
  },
  entropy: {
    name: "entropy",
    title: "Entropy of the readout, nats",
    unit: "nats",
    scale: "linear",
    of: "readout",
    hasFloor: false,
    formula: "−Σ pₜ ln pₜ",
    source: HUGINN,
    about: "Over the whole vocabulary."
  },
  kl_prev: {
    name: "KL to previous",
    title: "KL of the readout to the previous step's, nats",
    unit: "nats",
    scale: "log",
    of: "readout",
    hasFloor: false,
    formula: "KL(pₜ ‖ pₜ₋₁)",
    source: HUGINN,
    about: "The authors' criterion to end the loop is of this. Not defined at the first state."
  },
  kl_final: {
    name: "KL to last",
    title: "KL of the readout to the last step's, nats",
    unit: "nats",
    scale: "log",
    of: "readout",
    hasFloor: false,
    formula: "KL(pₜ ‖ p_last)",
    source: "nostalgebraist 2020, interpreting GPT: the logit lens",
    about: "Known once a run is complete."
  },
  target_logprob: {
    name: "log p of next",
    title: "Log-probability of the prompt's next token, nats",
    unit: "nats",
    scale: "linear",
    of: "readout",
    hasFloor: false,
    formula: "ln pₜ(next token)",
    source: HUGINN,
    about: "Not defined at the last token."
  },
  rank: {
    name: "rank of answer",
    title: "Rank of the last step's best token",
    unit: "",
    scale: "linear",
    of: "readout",
    hasFloor: false,
    formula: "rank of argmax p_last in pₜ",
    source: "nostalgebraist 2020, interpreting GPT: the logit lens",
    about: "From 1, among the tokens kept at each step; one more than these where it is not among them."
  },
  gap: {
    name: "gap",
    title: "Gap between starts, relative to the norm",
    unit: "",
    scale: "log",
    of: "starts",
    hasFloor: true,
    formula: "‖hᵢ − hⱼ‖ / √((‖hᵢ‖² + ‖hⱼ‖²) / 2)",
    source: "made for this program",
    about: "The geometric mean over pairs of starts."
  },
  answer_share_by_step: {
    name: "answer share",
    title: "Share of starts with the most frequent next token",
    unit: "",
    scale: "linear",
    domain: [0, 1],
    of: "starts",
    hasFloor: false,
    formula: "max over v of #{i : argmax pᵢ = v} / n",
    source: "made for this program",
    about: "Over the model's own starts."
  },
  kl_by_step: {
    name: "KL between starts",
    title: "KL between the starts’ readouts, nats",
    unit: "nats",
    scale: "log",
    of: "starts",
    hasFloor: false,
    formula: "mean over i ≠ j of KL(pᵢ ‖ pⱼ)",
    source: "made for this program",
    about: "Over ordered pairs of the model's own starts."
  },
  difference: {
    name: "difference",
    title: "Distance between partners, relative to the norm",
    unit: "",
    scale: "log",
    of: "runs",
    hasFloor: true,
    formula: "‖hₜ − h′ₜ‖ / ‖hₜ‖",
    source: "made for this program",
    about: "Between a token of a run and the token that stands for it in another."
  }
} as const satisfies Readonly<Record<string, Measure>>;

export type MeasureKey = keyof typeof MEASURES;

/** Measures of the states of any site, in the order of tables. */
export const STATE_MEASURES = ["step_norm", "step_cosine", "distance"] as const satisfies readonly MeasureKey[];
export type StateMeasure = (typeof STATE_MEASURES)[number];

/** Numbers that a trace's readout keeps beside its likeliest tokens. */
export const READOUT_MEASURES = READOUT_CURVES satisfies readonly MeasureKey[];

/** What is drawn as curves, from above. */
export const CURVE_MEASURES = ["step_norm", "distance", "step_cosine"] as const satisfies readonly StateMeasure[];

/** What a heat map can show, and what a report keeps, the most asked for first. */
export const DRAWN_MEASURES = [
  "distance",
  "step_norm",
  "step_cosine",
  "kl_final",
  "kl_prev",
  "entropy",
  "rank"
] as const satisfies readonly MeasureKey[];

/** What the address of a method's text ends with, by its title; a measure's is that of its name. */
export const methodId = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");

/** What an experiment draws of each token and of all prompts, in the order of its figures. */
export const START_MEASURES = ["gap", "answer_share_by_step", "kl_by_step"] as const satisfies readonly MeasureKey[];

/** The kind of axis that a measure's curve has. */
export const curveScale = (key: MeasureKey): "log" | "linear" => (MEASURES[key].scale === "log" ? "log" : "linear");

/** What stands beside the likeliest tokens of each step, on the page and in its table. */
export const LENS_MEASURES = ["entropy", "kl_prev"] as const satisfies readonly MeasureKey[];

/** The same in a report, of a run that is over. */
export const REPORTED_LENS_MEASURES = ["entropy", "kl_final"] as const satisfies readonly MeasureKey[];

/** What is told of the chosen state, and of the one under the pointer. */
export const TOLD_MEASURES = ["distance", "step_norm", "step_cosine", "entropy"] as const satisfies readonly MeasureKey[];
export const POINTED_MEASURES = ["distance", "step_norm"] as const satisfies readonly MeasureKey[];

/** The record of a key, with what only some have. */
export const measureOf = (key: MeasureKey): Measure => MEASURES[key];
