import {dot, norm, rowOf, type Matrix} from "../matrix.ts";

type CosineClass = "fixed point" | "orbit" | "slider" | "unknown";

interface CosineToFinal {
  /** cos(h_t, h_last), [step]. */
  readonly cosines: Float64Array;
  readonly label: CosineClass;
}

interface CosineToFinalOptions {
  /** Largest 1 − cosine that counts as close; defaults to 0.05. */
  readonly closeness?: number;
  /** Least share of the steps that must be close for a fixed point; defaults to 0.9. */
  readonly share?: number;
}

/**
 * The classifier of Blayney et al. 2026 (A Mechanistic Analysis of Looped Reasoning Language Models, arXiv 2604.11791, app. C.1), τ = 0.05 and ρ = 0.9, from the cosine of every
 * state to the last one. The published text available names inputs, thresholds and classes but not every line of the algorithm; this is our reading: a fixed point has at least ρ of
 * its states close to the last; an orbit comes close, leaves, and comes close again; a slider nears the last state without turning back; anything else is unknown. There is no null
 * and no noise floor in it, and its authors warn that counts vary with the thresholds: it is here for comparison.
 */
export function cosineToFinal(path: Matrix, {closeness = 0.05, share = 0.9}: CosineToFinalOptions = {}): CosineToFinal {
  const last = rowOf(path, path.rows - 1);
  const cosines = Float64Array.from(
    {length: path.rows},
    (_, step) => dot(rowOf(path, step), last) / (norm(rowOf(path, step)) * norm(last))
  );
  return {cosines, label: labelOf(cosines, closeness, share)};
}

function labelOf(cosines: Float64Array, closeness: number, share: number): CosineClass {
  if (Number.isNaN(cosines[cosines.length - 1])) return "unknown"; // a zero has no direction to come near to
  const close = Array.from(cosines, (cosine) => 1 - cosine < closeness);
  if (close.filter(Boolean).length >= share * close.length) return "fixed point";
  let visits = 0;
  for (let step = 0; step < close.length; ++step) if (close[step] && !close[step - 1]) ++visits;
  if (visits >= 2) return "orbit";
  for (let step = 1; step < cosines.length; ++step) if (cosines[step] < cosines[step - 1] - closeness) return "unknown";
  return "slider";
}
