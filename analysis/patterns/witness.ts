import type {Verdict} from "./verdict.ts";

/** Whether the model's own step bears a label out. */
export const OPINIONS = ["agrees", "disagrees", "neutral"] as const;

/** What the Jacobian of the core step says of a label. */
interface Witness {
  readonly opinion: (typeof OPINIONS)[number];
  readonly why: string;
  /** Modulus of the leading eigenvalue. */
  readonly radius: number;
  /** Steps that the Jacobian is of: 1, at the last state, or those of a whole number of an orbit's turns, the last ones. */
  readonly steps: number;
}

/** Whole turns of an orbit at the end of a run, by the product of the step's Jacobians along it. */
export interface Cycle {
  readonly steps: number;
  /** Floquet multipliers [re, im] of all that the token's state depends on, at least one. */
  readonly multipliers: readonly Eigenvalue[];
  /** Distance between the states at the turns' two ends, over the radius of the turn. */
  readonly closing: number;
}

export const ON_CIRCLE = 0.05; // distance from the unit circle that counts as on it: a cycle's one-step Jacobian need not have |λ| = 1 exactly
export const SAME_RATE = 0.1; // between the measured rate and the modulus
export const SAME_PERIOD = 0.1; // relative, between the measured period and the eigenvalue's angle
export const SHUTS = 0.1; // of an orbit's radius: how near the cycle must lie that its multipliers lead to
export const MOST_TURNS = 10; // of a period that is no whole number of steps, until they are whole
export const WHOLE = 0.05; // steps between so many turns and a whole number of steps

type Eigenvalue = readonly [re: number, im: number];
type Told = Pick<Verdict, "pattern" | "rate" | "period">;
type Saying = Pick<Witness, "opinion" | "why">;

/** Steps of the fewest turns of a period that are a whole number of steps, at most `most`; undefined where no such number is near. */
export function wholeTurns(period: number, most: number): number | undefined {
  for (let turns = 1; turns <= MOST_TURNS && turns * period < most + WHOLE; ++turns) {
    const steps = Math.round(turns * period);
    if (Math.abs(steps - turns * period) <= WHOLE) return steps;
  }
  return undefined;
}

/**
 * Holds a label against eigenvalues [re, im], at least one, of d(next state)/d(state) at the last state, which know nothing of the path: those of all that the token's next
 * state depends on. Inside the unit circle: small departures die away (converging). A complex pair near the circle turns by its angle each step (orbit of that period), an
 * eigenvalue near −1 flips (period 2), and outside the circle the point repels, as the middle of a cycle does. Near +1: neither pulled back nor pushed on along that
 * direction (slider, or a very slow contraction). The one-step Jacobian on a cycle is not the cycle's own multiplier, so that it can bear out an orbit, and not speak against one; where `cycle` is there it is asked instead.
 */
export function witnessOf(verdict: Told, eigenvalues: readonly Eigenvalue[], cycle?: Cycle): Witness {
  if (verdict.pattern === "orbit" && cycle) {
    const radius = Math.max(...cycle.multipliers.map(modulus));
    return {...ofCycle(cycle, radius), radius, steps: cycle.steps};
  }
  const radius = Math.max(...eigenvalues.map(modulus));
  return {...sayingOf(verdict, eigenvalues, radius), radius, steps: 1};
}

function sayingOf(verdict: Told, eigenvalues: readonly Eigenvalue[], radius: number): Saying {
  const leading = `leading eigenvalue of modulus ${radius.toFixed(3)}`;
  const near = eigenvalues.filter((value) => modulus(value) > 1 - ON_CIRCLE);
  switch (verdict.pattern) {
    case "converging":
      return ofApproach(verdict.rate, radius, leading);
    case "orbit":
      return ofOrbit(verdict.period ?? NaN, near, leading);
    case "slider":
      return ofSlider(near, leading);
    case "unsettled":
      return {opinion: "neutral", why: `${leading}; nothing is claimed`};
  }
}

function ofApproach(rate: number | undefined, radius: number, leading: string): Saying {
  if (radius > 1 + ON_CIRCLE) return {opinion: "disagrees", why: `${leading}: the point repels`};
  if (radius >= 1) return {opinion: "neutral", why: `${leading}: on the unit circle`};
  if (rate === undefined) return {opinion: "agrees", why: `${leading}: inside the unit circle`};
  const kept = rate.toFixed(3);
  if (radius < rate - SAME_RATE) return {opinion: "neutral", why: `${leading}: attracts, faster than the path, which keeps ${kept} a step`};
  if (radius > rate + SAME_RATE)
    return {
      opinion: "agrees",
      why: `${leading}: inside the unit circle, with a slower direction than the path, which keeps ${kept} a step`
    };
  return {opinion: "agrees", why: `${leading}: inside the unit circle, and the path keeps ${kept} a step`};
}

function ofOrbit(period: number, near: readonly Eigenvalue[], leading: string): Saying {
  const turning = near.map(turnOf).find((turn) => Math.abs(turn / period - 1) <= SAME_PERIOD);
  if (turning === undefined) return {opinion: "neutral", why: `${leading}: the one-step Jacobian on a cycle need not show its period`};
  return {
    opinion: "agrees",
    why: turning === 2 ? "an eigenvalue near −1 or beyond: flips" : `a pair that turns once in ${turning.toFixed(2)} steps`
  };
}

/**
 * A cycle whose multipliers lie inside the unit circle attracts; one at the circle is the way along a closed curve, where nothing pulls back; one outside repels. A path that is off
 * the cycle by d comes back off by no more than about μ d, and so has moved by at least (1 − μ) d: the cycle lies within μ / (1 − μ) times the distance by which the last turn did not shut.
 * A path that spirals into a point is as far from there as it is from the middle of its turn.
 */
function ofCycle({steps, closing}: Cycle, radius: number): Saying {
  const leading = `leading Floquet multiplier of modulus ${radius.toFixed(3)} over ${steps} steps`;
  if (radius > 1 + ON_CIRCLE) return {opinion: "disagrees", why: `${leading}: the cycle repels`};
  const isNeutral = radius >= 1 - ON_CIRCLE;
  const off = isNeutral ? closing : (closing * radius) / (1 - radius);
  if (off > SHUTS)
    return {
      opinion: "neutral",
      why: `${leading}, and the last turn misses its start by ${closing.toPrecision(2)} of its radius: no cycle is reached yet`
    };
  return {opinion: "agrees", why: `${leading}: ${isNeutral ? "a closed curve along which nothing pulls back" : "the cycle attracts"}`};
}

function ofSlider(near: readonly Eigenvalue[], leading: string): Saying {
  if (near.some(([re, im]) => Math.hypot(re - 1, im) <= ON_CIRCLE))
    return {opinion: "agrees", why: "an eigenvalue near +1: free along one direction"};
  if (near.length === 0) return {opinion: "disagrees", why: `${leading}: every direction is pulled back`};
  return {opinion: "neutral", why: `${leading}, none near +1`};
}

const modulus = ([re, im]: Eigenvalue): number => Math.hypot(re, im);

/** Steps in which an eigenvalue turns once; 2 where it is negative. */
const turnOf = ([re, im]: Eigenvalue): number => (2 * Math.PI) / Math.abs(Math.atan2(im, re));
