import type {ScaleKind} from "./amountScale.ts";

/** How a measure is named and coloured wherever it is drawn. */
export interface Measure {
  readonly name: string;
  readonly title: string;
  readonly kind: ScaleKind;
}

export type MeasureKey = "distance" | "step_norm" | "step_cosine" | "kl_final" | "kl_prev" | "entropy" | "rank";

export const MEASURES: Readonly<Record<MeasureKey, Measure>> = {
  distance: {name: "distance", title: "Distance to the last state, relative to its norm", kind: "log"},
  step_norm: {name: "step norm", title: "Length of the step, relative to the state's norm", kind: "log"},
  step_cosine: {name: "step cosine", title: "Cosine of successive steps", kind: "signed"},
  kl_final: {name: "KL to last", title: "KL of the readout to the last step's, nats", kind: "log"},
  kl_prev: {name: "KL to previous", title: "KL of the readout to the previous step's, nats", kind: "log"},
  entropy: {name: "entropy", title: "Entropy of the readout, nats", kind: "linear"},
  rank: {name: "rank of answer", title: "Rank of the last step's best token", kind: "linear"}
};
