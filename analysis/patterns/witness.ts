import type {Verdict} from "./verdict.ts";

/** What the Jacobian of the core step at the last state says of a label. */
export interface Witness {
  readonly opinion: "agrees" | "disagrees" | "neutral";
  readonly why: string;
  /** Modulus of the leading eigenvalue. */
  readonly radius: number;
}

const ON_CIRCLE = 0.05; // distance from the unit circle that counts as on it: a cycle's one-step Jacobian need not have |λ| = 1 exactly
const SAME_RATE = 0.1; // between the measured rate and the modulus
const SAME_PERIOD = 0.1; // relative, between the measured period and the eigenvalue's angle

type Eigenvalue = readonly [re: number, im: number];

/**
 * Holds a label against the leading eigenvalues [re, im] of d(next state)/d(state) at the last state, which know nothing of the path. Inside the unit circle: small departures
 * die away (converging). A complex pair near the circle turns by its angle each step (orbit of that period), an eigenvalue near −1 flips (period 2), and outside the
 * circle the point repels, as the middle of a cycle does. Near +1: neither pulled back nor pushed on along that direction (slider, or a very slow contraction). The
 * one-step Jacobian on a cycle is not the cycle's own multiplier, so for orbits of longer period it can agree but not disagree by itself.
 */
export function witnessOf(verdict: Pick<Verdict, "pattern" | "rate" | "period">, eigenvalues: readonly Eigenvalue[]): Witness {
  if (eigenvalues.length === 0) return {opinion: "neutral", why: "no eigenvalues", radius: NaN};
  const radius = Math.max(...eigenvalues.map(modulus));
  const say = (opinion: Witness["opinion"], why: string): Witness => ({opinion, why, radius});
  const leading = `leading eigenvalue of modulus ${radius.toFixed(3)}`;
  if (verdict.pattern === "unsettled") return say("neutral", `${leading}; nothing is claimed`);
  if (verdict.pattern === "converging") {
    if (radius > 1 + ON_CIRCLE) return say("disagrees", `${leading}: the point repels`);
    if (radius >= 1) return say("neutral", `${leading}: on the unit circle`);
    if (verdict.rate !== undefined && radius < verdict.rate - SAME_RATE)
      return say("neutral", `${leading}: attracts, faster than the measured rate ${verdict.rate.toFixed(3)}`);
    return say("agrees", `${leading}: inside the unit circle`);
  }
  const near = eigenvalues.filter((value) => modulus(value) > 1 - ON_CIRCLE);
  if (verdict.pattern === "slider") {
    if (near.some(([re, im]) => Math.hypot(re - 1, im) <= ON_CIRCLE))
      return say("agrees", "an eigenvalue near +1: free along one direction");
    return near.length === 0 ? say("disagrees", `${leading}: every direction is pulled back`) : say("neutral", `${leading}, none near +1`);
  }
  const period = verdict.period ?? NaN;
  const turning = near.find(([re, im]) => Math.abs((2 * Math.PI) / Math.abs(Math.atan2(im, re)) / period - 1) <= SAME_PERIOD);
  if (turning)
    return say(
      "agrees",
      Math.abs(turning[1]) < 1e-9
        ? "an eigenvalue near −1 or beyond: flips"
        : `a pair that turns once in ${((2 * Math.PI) / Math.abs(Math.atan2(turning[1], turning[0]))).toFixed(2)} steps`
    );
  return say("neutral", `${leading}: the one-step Jacobian on a cycle need not show its period`);
}

const modulus = ([re, im]: Eigenvalue): number => Math.hypot(re, im);
