import {parseArgs} from "node:util";
import {classifyPath} from "../../analysis/patterns/classifyRun.ts";
import {toBfloat16} from "../../analysis/patterns/rounding.ts";
import type {Pattern, Verdict} from "../../analysis/patterns/verdict.ts";
import type {Matrix} from "../../analysis/matrix.ts";
import {seededRandom, type Random} from "../../analysis/random.ts";
import {autoregressionNull, centredNoiseNull, covarianceMatched, narrowWalkNull, noiseNull, phaseRandomised, walkNull, type NullShape} from "../support/nulls.ts";
import {contractionPath, manyModePath, orbitPath, sliderPath, type Made, type Shape} from "../support/trajectories.ts";
import {wilson} from "./wilson.ts";

/** A path that is neither orbit nor slider, whatever it looks like. */
type Null = (shape: NullShape) => Matrix;

const anyShape = ({random, steps, width}: NullShape): Shape => ({random, steps, width, onSphere: true, amplitude: 5});
const reference = (shape: NullShape): Matrix => {
  const kinds = [() => contractionPath(anyShape(shape)).path, () => manyModePath(anyShape(shape)).path, () => walkNull(shape), () => sliderPath(anyShape(shape)).path, () => autoregressionNull(shape)];
  return kinds[Math.floor(shape.random() * kinds.length)]();
};

export const NULLS: Readonly<Record<string, Null>> = {
  "independent noise": noiseNull,
  "noise about a centre": centredNoiseNull,
  "random walk": walkNull,
  "walk in 1 to 5 dimensions": narrowWalkNull,
  "autoregression": autoregressionNull,
  "covariance of a contraction": (shape) => covarianceMatched(contractionPath(anyShape(shape), {kind: shape.random() < 0.5 ? "plain" : "spiral"}).path, shape),
  "covariance of an orbit": (shape) => covarianceMatched(orbitPath(anyShape(shape)).path, shape),
  "covariance of a walk or slider": (shape) => covarianceMatched(shape.random() < 0.5 ? walkNull(shape) : sliderPath(anyShape(shape)).path, shape),
  "phases of a walk": (shape) => phaseRandomised(shape.random() < 0.5 ? walkNull(shape) : narrowWalkNull(shape), {random: shape.random, common: shape.random() < 0.5}),
  "phases of a contraction": (shape) => phaseRandomised(contractionPath(anyShape(shape)).path, {random: shape.random, common: shape.random() < 0.5}),
  "phases of anything": (shape) => phaseRandomised(reference(shape), {random: shape.random, common: shape.random() < 0.5}),
};

/** A path whose label and figures are known. */
interface Positive {
  readonly pattern: Pattern;
  readonly make: (shape: Shape) => Made<{period?: number; rate?: number; driftSpeed?: number}>;
  /** Error of the figure that the label carries, and the largest that is right. */
  readonly error: (verdict: Verdict, truth: {period?: number; rate?: number; driftSpeed?: number}) => number;
  readonly tolerance: number;
}

const rateError: Positive["error"] = ({rate = NaN}, truth) => Math.abs(rate - truth.rate!);

export const POSITIVES: Readonly<Record<string, Positive>> = {
  "orbit": {pattern: "orbit", make: orbitPath, error: ({period = NaN}, truth) => Math.abs(period / truth.period! - 1), tolerance: 0.02},
  "slider": {pattern: "slider", make: sliderPath, error: ({driftSpeed = NaN}, truth) => Math.abs(driftSpeed / truth.driftSpeed! - 1), tolerance: 0.05},
  "contraction": {pattern: "converging", make: contractionPath, error: rateError, tolerance: 0.01},
  "spiral": {pattern: "converging", make: (shape) => contractionPath(shape, {kind: shape.random() < 0.2 ? "alternating" : "spiral"}), error: rateError, tolerance: 0.01},
  "slow contraction": {pattern: "converging", make: (shape) => contractionPath(shape, {rate: 0.99}), error: rateError, tolerance: 0.01},
  "many modes": {pattern: "converging", make: manyModePath, error: rateError, tolerance: 0.01},
};

const AMPLITUDES = [1.5, 2, 5, 20, 100];

/**
 * Prints false positives per null and recall per class and amplitude, with 95 % intervals (Wilson).
 * `--quick` runs a small part; `--widths`, `--steps`, `--nulls N`, `--positives N`, `--only nulls|positives`, `--seed` choose.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const {values} = parseArgs({
    args: [...args],
    options: {
      quick: {type: "boolean", default: false},
      widths: {type: "string"},
      steps: {type: "string"},
      nulls: {type: "string"},
      positives: {type: "string"},
      only: {type: "string"},
      match: {type: "string"},
      seed: {type: "string", default: "1"},
    },
  });
  const list = (text: string | undefined, fallback: number[]): number[] => text?.split(",").map(Number) ?? fallback;
  const widths = list(values.widths, values.quick ? [64] : [64, 512, 5280]);
  const steps = list(values.steps, values.quick ? [32] : [32, 64, 128]);
  const random = seededRandom(Number(values.seed));
  for (const width of widths) {
    const wide = width > 1000;
    const nullCount = Number(values.nulls ?? (values.quick ? 50 : wide ? 100 : 3000));
    const positiveCount = Number(values.positives ?? (values.quick ? 20 : wide ? 30 : 300));
    for (const count of steps) {
      for (const rounded of [false, true]) {
        console.log(`\nwidth ${width}, ${count} states, ${rounded ? "rounded to bfloat16" : "float32"}`);
        if (values.only !== "positives") printNulls({random, width, steps: count, rounded, n: nullCount, match: values.match ?? ""});
        if (values.only !== "nulls") printPositives({random, width, steps: count, rounded, n: positiveCount, match: values.match ?? ""});
      }
    }
  }
}

interface Cell {
  readonly random: Random;
  readonly width: number;
  readonly steps: number;
  readonly rounded: boolean;
  readonly n: number;
  readonly match: string;
}

const stored = ({rows, cols, data}: Matrix, rounded: boolean): Matrix => ({rows, cols, data: rounded ? toBfloat16(data) : data});
const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

function printNulls({random, width, steps, rounded, n, match}: Cell): void {
  console.log(`  ${"null".padEnd(32)} ${"n".padStart(5)}  orbit slider   false, 95 % interval        converging`);
  for (const [name, make] of Object.entries(NULLS)) {
    if (!name.includes(match)) continue;
    const counts: Record<Pattern, number> = {converging: 0, orbit: 0, slider: 0, unsettled: 0};
    for (let i = 0; i < n; ++i) ++counts[classifyPath(stored(make({random, steps, width}), rounded)).pattern];
    const wrong = counts.orbit + counts.slider;
    const [low, high] = wilson(wrong, n);
    console.log(`  ${name.padEnd(32)} ${String(n).padStart(5)}  ${String(counts.orbit).padStart(5)} ${String(counts.slider).padStart(6)}   ${percent(wrong / n)} (${percent(low)} to ${percent(high)})   ${percent(counts.converging / n)}`);
  }
}

function printPositives({random, width, steps, rounded, n, match}: Cell): void {
  console.log(`  ${"class".padEnd(18)} ${"× noise".padStart(7)} ${"n".padStart(5)}  recall, 95 % interval           within   median error   else`);
  for (const [name, {pattern, make, error, tolerance}] of Object.entries(POSITIVES)) {
    if (!name.includes(match)) continue;
    for (const amplitude of AMPLITUDES) {
      const errors: number[] = [];
      const others: Record<string, number> = {};
      let inside = 0;
      for (let i = 0; i < n; ++i) {
        const {path, truth} = make({random, steps, width, onSphere: random() < 0.5, amplitude, rounded});
        const verdict = classifyPath(stored(path, rounded));
        if (verdict.pattern === pattern) {
          const off = error(verdict, truth);
          errors.push(off);
          if (off <= tolerance) ++inside;
        } else others[verdict.pattern] = (others[verdict.pattern] ?? 0) + 1;
      }
      errors.sort((a, b) => a - b);
      const [low, high] = wilson(errors.length, n);
      const middle = errors[errors.length >> 1] ?? NaN;
      console.log(
        `  ${name.padEnd(18)} ${String(amplitude).padStart(7)} ${String(n).padStart(5)}  ${percent(errors.length / n)} (${percent(low)} to ${percent(high)})  ${percent(inside / Math.max(1, errors.length)).padStart(8)}  ${middle.toExponential(1)}   ${Object.entries(others).map(([other, k]) => `${other} ${k}`).join(", ")}`,
      );
    }
  }
}
