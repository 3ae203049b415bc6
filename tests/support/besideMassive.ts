import {matrixOf} from "../../analysis/matrix.ts";
import {toBfloat16} from "../../analysis/patterns/path/rounding.ts";
import type {Random} from "../../analysis/random.ts";
import {between, betweenLog, gaussianOf} from "./gaussian.ts";
import {framed} from "./framed.ts";
import type {HardPositive, HardShape, Truth} from "./hardPositive.ts";
import {someContraction, someOrbit, turning} from "./someMotions.ts";
import type {Made} from "./trajectories.ts";

/** Motions beside one coordinate that is hundreds of times the others. */

type MassiveKind = "constant" | "noisy" | "flips";

/** One coordinate is much larger than the rest: constant (and all rounded to bfloat16), noisy, or of one sign or the other at random. */
function withMassive({path, truth}: Made<Truth>, random: Random, kind: MassiveKind): Made<Truth> {
  const gaussian = gaussianOf(random);
  const at = Math.floor(random() * path.cols);
  const size = betweenLog(random, 300, 3000);
  const data = path.data.slice(); // the plain path is the caller's
  const noise = kind === "noisy" ? size * betweenLog(random, 0.003, 0.03) : 0;
  const level = (): number => (kind === "flips" && random() < 0.5 ? -size : size);
  for (let t = 0; t < path.rows; ++t) data[t * path.cols + at] = level() + noise * gaussian();
  return {truth, path: matrixOf(path.rows, path.cols, kind === "constant" ? toBfloat16(data) : data)};
}

/** A contraction that bfloat16 rounding does not hide. */
function longWay(shape: HardShape): Made<Truth> {
  const [size, rate] = [between(shape.random, 0.3, 0.8), between(shape.random, 0.5, 0.85)];
  return {truth: {rate}, path: framed(shape, 1, size / 100, (t) => [size * rate ** t])};
}

/** An orbit that bfloat16 rounding does not hide. */
function orbitOf(shape: HardShape): Made<Truth> {
  const {random, steps} = shape;
  const {period, omega, phase} = turning(random, steps);
  const size = between(random, 0.1, 0.4);
  return {
    truth: {period},
    path: framed(shape, 2, size / 20, (t) => [size * Math.cos(omega * t + phase), size * Math.sin(omega * t + phase)])
  };
}

const beside = (pattern: "converging" | "orbit", motion: (shape: HardShape) => Made<Truth>, kind: MassiveKind): HardPositive => ({
  pattern,
  must: true,
  figure: pattern === "orbit" ? "period" : "rate",
  make: (shape) => withMassive(motion(shape), shape.random, kind)
});

export const BESIDE_MASSIVE: Readonly<Record<string, HardPositive>> = {
  "orbit, massive constant, bfloat16": beside("orbit", orbitOf, "constant"),
  "orbit, massive noise": beside("orbit", someOrbit, "noisy"),
  "orbit, massive flips": beside("orbit", someOrbit, "flips"),
  "contraction, massive noise": beside("converging", someContraction, "noisy"),
  "contraction, massive flips": beside("converging", someContraction, "flips"),
  "contraction, massive constant, bfloat16": beside("converging", longWay, "constant")
};
