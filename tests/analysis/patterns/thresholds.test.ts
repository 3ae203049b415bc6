import {COMES_AGAIN, FEW_DIRECTIONS, FEW_PER_STATE, IN_PLANE, SPANNED} from "../../../analysis/patterns/orbit/besideCurve.ts";
import {expect, it} from "vitest";
import {SAME_ANSWER_NATS} from "../../../analysis/paths/agreement.ts";
import {ALIGNED_ABOVE} from "../../../analysis/paths/asymptoticAlignment.ts";
import {FLOORS_ABOVE, SPECTRUM_POWER} from "../../../analysis/paths/contraction.ts";
import {FEW_STATES, MOST_STATES} from "../../../analysis/patterns/pathProducts.ts";
import {matrixOf} from "../../../analysis/matrix.ts";
import {ALPHA, classifyPath} from "../../../analysis/patterns/classifyRun.ts";
import {
  CALMED,
  CALMED_BY_CHANCE,
  CAME_CLOSE,
  CAME_FAR,
  CAME_HOME,
  MANY_IN_ORDER,
  MOST_AHEAD,
  MOVES_IN,
  NO_JUMPS,
  RESTING_FLOORS,
  ROUNDING_FLOORS,
  SETTLED_FLOORS,
  TAIL_SHARE
} from "../../../analysis/patterns/approach/contraction.ts";
import {FLOORS_TRIED} from "../../../analysis/patterns/approach/displacementSlope.ts";
import {SAME_WAY, SURELY_BEHIND, SURE_END, UNLIKE, WENT_BEFORE} from "../../../analysis/patterns/approach/endless.ts";
import {
  KEPT_SPEED,
  LEAST_RATIO,
  LONGEST_MEMORY,
  LOST_SPEED,
  MOST_VARIATION,
  ROUND,
  STEADY,
  STRAIGHT
} from "../../../analysis/patterns/slider/drift.ts";
import {DEEP} from "../../../analysis/patterns/nulls/dyingSteps.ts";
import {FALLEN, QUICK} from "../../../analysis/patterns/approach/heldDirections.ts";
import {DEAD_BAND, EVENLY, FELL_FROM} from "../../../analysis/patterns/orbit/heldByRounding.ts";
import {LEAST_STILL, STOPS_IN} from "../../../analysis/patterns/path/judgedRows.ts";
import {CLAIMS} from "../../../analysis/patterns/labels.ts";
import {OVER, RINGING} from "../../../analysis/patterns/contradictions.ts";
import {IN_ALL, LAST_STEPS, MOVES_AGAIN} from "../../../analysis/patterns/approach/leaving.ts";
import {CLOSES_LATER, FAINT_OVERTONE, LASTS} from "../../../analysis/patterns/orbit/closure.ts";
import {COMB_TURNS, NOISE_SHARE} from "../../../analysis/patterns/orbit/comb.ts";
import {COMES_ROUND} from "../../../analysis/patterns/orbit/determinism.ts";
import {KICKED_P, KICKED_SHARE} from "../../../analysis/patterns/orbit/keptGoing.ts";
import {
  FAINT_RATIO,
  IN_PLACE,
  LEAST_COHERENCE,
  LEAST_TURNS,
  LOST,
  MOST_OWN_NOISE,
  MOST_PARTING,
  REACHED,
  STEADY_CHANGE,
  SURE_PARTING
} from "../../../analysis/patterns/orbit/judgedLine.ts";
import {
  ANEW,
  AS_MUCH_ALONG,
  COMES_BACK,
  DIES_AWAY,
  FAR_OFF,
  FLAT_ELLIPSE,
  DIFFERS,
  FAIR_ERROR,
  FORESEEN,
  KICKED_OFF,
  OFF_CURVE,
  OFF_POINTS,
  PARTS,
  SEEN_OFTEN,
  SURE_ERROR,
  UNFORESEEN
} from "../../../analysis/patterns/orbit/offCurve.ts";
import {LEAST_PARTS} from "../../../analysis/patterns/orbit/keptAmplitude.ts";
import {IN_ORDER} from "../../../analysis/patterns/approach/heldDirections.ts";
import {LEAST_FROM_FAR, LEAST_TURNING} from "../../../analysis/patterns/approach/singleMode.ts";
import {GONE_ON, HARDLY, ROUNDED_ANEW} from "../../../analysis/patterns/approach/slowPart.ts";
import {WANDERED} from "../../../analysis/patterns/approach/wanders.ts";
import {MOST_POWER} from "../../../analysis/patterns/approach/ways.ts";
import {MOST_SHARE} from "../../../analysis/patterns/path/weights.ts";
import {rulesHash} from "../../../analysis/patterns/rules.ts";
import {circle, withNoise} from "../../support/planarPaths.ts";

it("the thresholds that reports quote are these: another value is another method, and a paper that cites it would be wrong", () => {
  expect({ALPHA, CLAIMS: CLAIMS.length, MOST_STATES, FEW_STATES, LEAST_STILL, STOPS_IN, MOST_SHARE}).toEqual({
    ALPHA: 0.001,
    CLAIMS: 3,
    MOST_STATES: 256,
    FEW_STATES: 8,
    LEAST_STILL: 3,
    STOPS_IN: 8,
    MOST_SHARE: 1 / 8
  });
  expect({
    CALMED,
    CAME_FAR,
    CAME_CLOSE,
    CAME_HOME,
    MOST_AHEAD,
    MOVES_IN,
    RESTING_FLOORS,
    ROUNDING_FLOORS,
    SETTLED_FLOORS,
    TAIL_SHARE,
    FLOORS_TRIED
  }).toEqual({
    CALMED: 2,
    CAME_FAR: 4,
    CAME_CLOSE: 6.5,
    CAME_HOME: 12,
    MOST_AHEAD: 0.5,
    MOVES_IN: 4.5,
    ROUNDING_FLOORS: 4,
    RESTING_FLOORS: 2,
    SETTLED_FLOORS: 3,
    TAIL_SHARE: 1 / 4,
    FLOORS_TRIED: [3, 2, 1.6, 1.3]
  });
  expect({KEPT_SPEED, LEAST_RATIO, LONGEST_MEMORY, LOST_SPEED, MOST_VARIATION, ROUND, STEADY, STRAIGHT}).toEqual({
    KEPT_SPEED: 0.9,
    LEAST_RATIO: 6,
    LONGEST_MEMORY: 1 / 6,
    LOST_SPEED: 0.04,
    MOST_VARIATION: 0.35,
    ROUND: 0.9,
    STEADY: 0.75,
    STRAIGHT: 0.9
  });
  expect({
    FAINT_RATIO,
    IN_PLACE,
    LASTS,
    CLOSES_LATER,
    FAINT_OVERTONE,
    LEAST_COHERENCE,
    LEAST_TURNS,
    LOST,
    KICKED_SHARE,
    KICKED_P,
    MOST_OWN_NOISE,
    MOST_PARTING,
    COMES_BACK,
    FAR_OFF,
    FLAT_ELLIPSE,
    FORESEEN,
    OFF_CURVE,
    OFF_POINTS,
    PARTS,
    DIES_AWAY,
    SEEN_OFTEN,
    KICKED_OFF,
    ANEW,
    UNFORESEEN,
    FAIR_ERROR,
    DIFFERS,
    AS_MUCH_ALONG,
    FEW_DIRECTIONS,
    FEW_PER_STATE,
    SPANNED,
    IN_PLANE,
    COMES_AGAIN,
    SURE_ERROR,
    REACHED,
    STEADY_CHANGE,
    SURE_PARTING,
    COMES_ROUND,
    COMB_TURNS,
    NOISE_SHARE
  }).toEqual({
    LASTS: 0.5,
    CLOSES_LATER: 0.5,
    FAINT_OVERTONE: 25,
    FAINT_RATIO: 8,
    IN_PLACE: 1.5,
    LEAST_COHERENCE: 0.7,
    LEAST_TURNS: 3,
    LOST: 0.15,
    KICKED_SHARE: 0.03,
    KICKED_P: 0.05,
    MOST_OWN_NOISE: 0.2,
    COMES_BACK: 0.1,
    FAR_OFF: 0.2,
    FLAT_ELLIPSE: 0.3,
    FORESEEN: 0.5,
    OFF_CURVE: 0.05,
    OFF_POINTS: 0.03,
    PARTS: 1.3,
    DIES_AWAY: 1e-4,
    SEEN_OFTEN: 20,
    KICKED_OFF: 0.2,
    ANEW: 0.3,
    UNFORESEEN: 0.05,
    FAIR_ERROR: 0.2,
    DIFFERS: 0.7,
    AS_MUCH_ALONG: 1.6,
    FEW_DIRECTIONS: 5,
    FEW_PER_STATE: 0.2,
    SPANNED: 0.5,
    IN_PLANE: 0.3,
    COMES_AGAIN: 0.3,
    SURE_ERROR: 0.15,
    MOST_PARTING: 0.2,
    SURE_PARTING: 0.1,
    COMES_ROUND: 0.1,
    COMB_TURNS: 3.8,
    NOISE_SHARE: 0.3,
    REACHED: 0.8,
    STEADY_CHANGE: 0.12
  });
  expect({OVER, RINGING, IN_ALL, LAST_STEPS, MOVES_AGAIN}).toEqual({
    OVER: 0.25,
    RINGING: 1e-3,
    IN_ALL: 24,
    LAST_STEPS: 6,
    MOVES_AGAIN: 2
  });
  expect({SURE_END, UNLIKE, WENT_BEFORE, SAME_WAY, WANDERED, GONE_ON, HARDLY, ROUNDED_ANEW, IN_ORDER}).toEqual({
    SURE_END: 0.01,
    UNLIKE: 1 / 4,
    WENT_BEFORE: 0.3,
    SAME_WAY: 0.5,
    WANDERED: 0.02,
    GONE_ON: 0.04,
    HARDLY: 0.005,
    ROUNDED_ANEW: 0.5,
    IN_ORDER: 0.01
  });
  expect({CALMED_BY_CHANCE, MANY_IN_ORDER, NO_JUMPS}).toEqual({CALMED_BY_CHANCE: 5e-5, MANY_IN_ORDER: 3e-7, NO_JUMPS: 0.05});
  expect({LEAST_FROM_FAR, LEAST_TURNING}).toEqual({LEAST_FROM_FAR: 3, LEAST_TURNING: 5});
  expect({DEEP, FALLEN, QUICK, MOST_POWER, SURELY_BEHIND}).toEqual({DEEP: 50, FALLEN: 12, QUICK: 8, MOST_POWER: 1.25, SURELY_BEHIND: 0.35});
  expect(LEAST_PARTS).toBe(5);
  expect({DEAD_BAND, EVENLY, FELL_FROM}).toEqual({DEAD_BAND: 2, EVENLY: 0.5, FELL_FROM: 6});
  expect({FLOORS_ABOVE, SPECTRUM_POWER, ALIGNED_ABOVE, SAME_ANSWER_NATS}).toEqual({
    FLOORS_ABOVE: 3,
    SPECTRUM_POWER: 0.75,
    ALIGNED_ABOVE: 0.9,
    SAME_ANSWER_NATS: 1e-3
  });
});

it("a label's p-value is its own test's times the three labels tried", () => {
  const {p, evidence} = classifyPath(circle(32, 5.3, 0.1));
  expect(p).toBeCloseTo(3 * evidence.orbit!.p, 20);
});

it("labels kept by other rules are known by their hash: one number changed is another hash", () => {
  expect(rulesHash()).toBe(rulesHash());
  expect(rulesHash({LEAST_COHERENCE: 0.7})).not.toBe(rulesHash({LEAST_COHERENCE: 0.8}));
  expect(rulesHash()).toMatch(/^[0-9a-f]{8}$/);
});

it.each([
  [0.7, "orbit"],
  [2.2, "unsettled"]
] as const)("an orbit whose plane turns by %f in its last quarter has the coherence that is needed, or not: %s", (tilt, pattern) => {
  const turned = matrixOf(48, 32, new Float32Array(48 * 32));
  for (let t = 0; t < 48; ++t) {
    const [along, across] = t < 36 ? [1, 0] : [Math.cos(tilt), Math.sin(tilt)];
    const [x, y] = [Math.cos((2 * Math.PI * t) / 5.3), Math.sin((2 * Math.PI * t) / 5.3)];
    turned.data.set([along * x, along * y, across * x, across * y, 5], t * 32);
  }
  expect(classifyPath(withNoise(turned, 0.002, 3)).pattern).toBe(pattern);
});
