import {dot, norm, rowOf, type Matrix} from "../matrix.ts";

type CosineClass = "fixed point" | "orbit" | "slider" | "unknown";

const CLOSENESS = 0.05; // τ, the largest 1 − cosine that counts as close
const LEAST_SHARE = 0.9; // ρ, of the states that must be close for a fixed point

/**
 * The classifier of Blayney et al. 2026 (A Mechanistic Analysis of Looped Reasoning Language Models, arXiv 2604.11791, app. C.1), from the cosine of every
 * state to the last one. The published text available names inputs, thresholds and classes but not every line of the algorithm; this is our reading: a fixed point has at least ρ of
 * its states close to the last; an orbit comes close, leaves, and comes close again; a slider nears the last state without turning back; anything else is unknown. There is no null
 * and no noise floor in it, and its authors warn that counts vary with the thresholds: it is here for comparison.
 */
export function cosineToFinal(path: Matrix): CosineClass {
  const last = rowOf(path, path.rows - 1);
  const cosines = Float64Array.from(
    {length: path.rows},
    (_, step) => dot(rowOf(path, step), last) / (norm(rowOf(path, step)) * norm(last))
  );
  if (Number.isNaN(cosines[cosines.length - 1])) return "unknown"; // a zero has no direction to come near to
  const close = Array.from(cosines, (cosine) => 1 - cosine < CLOSENESS);
  if (close.filter(Boolean).length >= LEAST_SHARE * close.length) return "fixed point";
  let visits = 0;
  for (let step = 0; step < close.length; ++step) if (close[step] && !close[step - 1]) ++visits;
  if (visits >= 2) return "orbit";
  for (let step = 1; step < cosines.length; ++step) if (cosines[step] < cosines[step - 1] - CLOSENESS) return "unknown";
  return "slider";
}
