import type {Collapse} from "../measures/collapse.ts";
import type {ContractionEvidence} from "./approach/contraction.ts";
import type {DriftEvidence} from "./slider/drift.ts";
import type {Pattern} from "./labels.ts";
import type {OrbitEvidence} from "./orbit/judgedLine.ts";
import type {Precision} from "./path/rounding.ts";

/** The label of one trajectory and the numbers behind it; a number that the label does not have is undefined. */
export interface Verdict {
  readonly token: number;
  readonly init: number;
  readonly pattern: Pattern;
  /** Benjamini–Hochberg over all trajectories of the run. */
  readonly q: number;
  /** Of the label's own test, after the number of labels and windows tried; of the best one where it is `unsettled`. */
  readonly p: number;
  /** Distance to the fixed point kept per step (converging), or amplitude (orbit). */
  readonly rate?: number;
  /** 95 %, where the model behind it holds. */
  readonly rateCi?: readonly [number, number];
  /** Why a rate has none. */
  readonly noRateCi?: string;
  /** First step from which the path stays at its end, within three floors (converging), or where the steady motion begins. */
  readonly settledStep?: number;
  /** Converging along a complex or negative leading mode. */
  readonly spiral: boolean;
  readonly spiralPeriod?: number;
  /** Steps per turn (orbit). */
  readonly period?: number;
  readonly periodCi?: readonly [number, number];
  /** Why a period has none. */
  readonly noPeriodCi?: string;
  /** Root mean square radius of the orbit over the norm of the states. */
  readonly amplitude?: number;
  /** Root mean square distance of its states from the closed curve in the plane of its turn, over its radius (orbit). */
  readonly offCurve?: number;
  /** Radians per step (slider). */
  readonly driftSpeed?: number;
  /** Half the range of its speeds, over their middle: 0 for an even one (slider). */
  readonly speedVariation?: number;
  /** Root mean square size of what is left of a state when the motion is taken away, over the norm of the states. */
  readonly noiseFloor: number;
  /** First and last step that the numbers were taken from. */
  readonly window: readonly [number, number];
  /** First step of at least three at the end that are equal bit for bit; the label is of what came before. */
  readonly stillFrom?: number;
  /** First step with NaN or Infinity; such a trajectory has no label. */
  readonly badFrom?: number;
  /** Coordinates that were scaled down, since their noise would outweigh that of all others. */
  readonly weighed?: readonly number[];
  readonly evidence: Evidence;
}

/** Each label's own test, whether or not it won; `against` says why not. Undefined for too few states, and where it decides nothing and all of it was not asked for. */
export interface Evidence {
  readonly converging: ContractionEvidence;
  readonly orbit?: OrbitEvidence;
  readonly slider?: DriftEvidence;
}

/** The verdicts of a run in the order [init][token], and what they were made with. */
export interface RunVerdicts {
  readonly verdicts: readonly Verdict[];
  readonly summary: {
    readonly counts: Readonly<Record<Pattern, number>>;
    /** Whether the tokens have become one another. */
    readonly collapse: Collapse;
    readonly precision: Precision;
    /** Median of the labelled trajectories' noise floors, over the norm of the states; NaN where none has a label, since no motion was then taken away. */
    readonly noiseFloor: number;
    /** Rounding floor of one state, over its norm. */
    readonly roundingFloor: number;
    /** Largest q that is called a label. */
    readonly alpha: number;
    /** What each label was tested against. */
    readonly nulls: Readonly<Record<Exclude<Pattern, "unsettled">, string>>;
  };
}
