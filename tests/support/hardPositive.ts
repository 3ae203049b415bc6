import type {Random} from "../../analysis/random.ts";
import type {Made} from "./trajectories.ts";

export interface HardShape {
  readonly random: Random;
  readonly steps: number;
  readonly width: number;
}

/** What a path was made with; `kept` is the share of an orbit's amplitude that it keeps per step, where that is not all of it. */
export type Truth = {readonly period?: number; readonly rate?: number; readonly driftSpeed?: number; readonly kept?: number};

/** A kind of motion that has a label. */
export interface HardPositive {
  readonly pattern: "converging" | "orbit" | "slider";
  /** Whether the label must be found; else only another label is wrong. */
  readonly must: boolean;
  readonly figure?: "period" | "rate" | "driftSpeed";
  readonly make: (shape: HardShape) => Made<Truth>;
}
