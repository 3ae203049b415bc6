import {describe, expect, it} from "vitest";
import {portraitOf, RECURRENCE_STEPS, type Portrait} from "../../../analysis/portraits/portrait.ts";
import type {Sitter} from "../../../analysis/portraits/sitter.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {statesOf, type States} from "../../../analysis/states.ts";
import {frameOf, gaussianOf} from "../../support/gaussian.ts";

const WIDTH = 48;
const STEPS = 97;

/** States of one token, `[step][init]`, from places along orthonormal directions; noise is per state. */
function made(at: (step: number, init: number) => readonly number[], {inits = 1, noise = 0, steps = STEPS} = {}): States {
  const gaussian = gaussianOf(seededRandom(5));
  const frame = frameOf(gaussian, WIDTH, 6);
  const data = new Float32Array(steps * inits * WIDTH);
  for (let step = 0; step < steps; ++step)
    for (let init = 0; init < inits; ++init) {
      const place = at(step, init);
      for (let j = 0; j < WIDTH; ++j)
        data[(step * inits + init) * WIDTH + j] =
          place.reduce((sum, x, k) => sum + x * frame[k][j], 0) + (noise * gaussian()) / Math.sqrt(WIDTH);
    }
  return statesOf({steps, inits, tokens: 1, width: WIDTH}, data);
}

const sitter = (parts: Partial<Sitter> & Pick<Sitter, "pattern">): Sitter => ({init: 0, window: [24, 96], noiseFloor: 1e-6, ...parts});
const pointOf = ({points}: Portrait, states: States, step: number, init = 0): [number, number] => [
  points[2 * (step * states.inits + init)],
  points[2 * (step * states.inits + init) + 1]
];

describe("portraitOf a trajectory beside one that is not finite", () => {
  it.each([0, 40])("draws it as ever, whatever the other is from step %i on", (from) => {
    const states = made((step, init) => [1, (init + 1) * 0.8 ** step], {inits: 3, noise: 1e-6});
    const one = sitter({pattern: "converging", rate: 0.8, window: [0, 60]});
    const broken = {...states, data: states.data.slice()};
    for (let step = from; step < STEPS; ++step) broken.data.fill(NaN, (step * 3 + 1) * WIDTH, (step * 3 + 2) * WIDTH);
    const [whole, drawn] = [portraitOf(states, one), portraitOf(broken, one)];
    expect(drawn.companions).toEqual([whole.companions[0], {relation: "apart", lag: 0}, whole.companions[2]]);
    expect(pointOf(drawn, states, 5)[0]).toBeCloseTo(pointOf(whole, states, 5)[0], 5);
    expect(pointOf(drawn, states, 50, 1)).toEqual([NaN, NaN]);
    expect(drawn.recurrence).toEqual(whole.recurrence);
  });
});

describe("portraitOf an orbit", () => {
  const PERIOD = 9.1;
  const turn = (2 * Math.PI) / PERIOD;
  const [long, short] = [0.2, 0.12];
  /** A tilted ellipse about a far centre, after a transient in a direction of its own. */
  const ellipse = (step: number, shift = 0): number[] => {
    const angle = turn * (step + shift) + 0.7;
    const [x, y] = [long * Math.cos(angle), short * Math.sin(angle)];
    return [1, 0.8 * x - 0.6 * y, 0.6 * x + 0.8 * y, 0.5 * 0.6 ** step];
  };

  it("finds the ellipse's plane, axes and phase, whatever the transient", () => {
    const states = made((step) => ellipse(step));
    const portrait = portraitOf(states, sitter({pattern: "orbit", period: PERIOD}));
    const unit = Math.hypot(...ellipse(96));
    expect(portrait.share).toBeGreaterThan(0.9999);
    expect(portrait.residual).toBeLessThan(1e-4);
    for (const step of [30, 51, 80]) {
      const [x, y] = pointOf(portrait, states, step);
      expect(((x * unit) / long) ** 2 + ((y * unit) / short) ** 2).toBeCloseTo(1, 3);
      const phase = turn * (step - portrait.phaseStep);
      expect(x * unit).toBeCloseTo(long * Math.cos(phase), 4);
      expect(Math.abs(y * unit)).toBeCloseTo(Math.abs(short * Math.sin(phase)), 4);
    }
    expect(portrait.fitted).toHaveLength(73);
    expect(portrait.fitted[10]).toBeCloseTo(pointOf(portrait, states, 34)[0], 4);
    expect(portrait.curve.at(-2)).toBeCloseTo(portrait.curve[0], 6);
    expect(portrait.curve.at(-1)).toBeCloseTo(portrait.curve[1], 6);
  });

  it("draws the residual of noise at its size", () => {
    const states = made((step) => ellipse(step), {noise: 0.02});
    const {residual} = portraitOf(states, sitter({pattern: "orbit", period: PERIOD}));
    expect(residual * Math.hypot(...ellipse(96))).toBeGreaterThan(0.017);
    expect(residual * Math.hypot(...ellipse(96))).toBeLessThan(0.021);
  });

  it("says which initial states run on the same cycle at another phase, and which do not", () => {
    const states = made((step, init) => (init < 2 ? ellipse(step, 3 * init) : ellipse(step).map((x, k) => (k === 0 ? -x : x))), {inits: 3});
    const {companions} = portraitOf(states, sitter({pattern: "orbit", period: PERIOD}));
    expect(companions.map(({relation}) => relation)).toEqual(["same", "phase", "apart"]);
    expect(companions[1].lag).toBeCloseTo(3, 1);
  });

  it("leaves out a coordinate that the label weighs down, which would fill the picture with its noise", () => {
    const gaussian = gaussianOf(seededRandom(6));
    const quiet = made((step) => ellipse(step));
    const data = quiet.data.slice();
    for (let at = 7; at < data.length; at += WIDTH) {
      quiet.data[at] = 0;
      data[at] = 50 + 5 * gaussian();
    }
    const orbit = sitter({pattern: "orbit", period: PERIOD});
    expect(portraitOf({...quiet, data}, {...orbit, weighed: [7]})).toEqual(portraitOf(quiet, orbit));
    expect(portraitOf({...quiet, data}, orbit).recurrence).not.toEqual(portraitOf(quiet, orbit).recurrence);
  });

  it("a flip to and fro has one axis, and no number that is not finite", () => {
    const states = made((step) => [1, 0.1 * (-1) ** step, 0, 0.3 * 0.5 ** step]);
    const portrait = portraitOf(states, sitter({pattern: "orbit", period: 2}));
    const unit = Math.hypot(...[1, 0.1]);
    expect(Math.abs(pointOf(portrait, states, 60)[0])).toBeCloseTo(0.1 / unit, 4);
    expect(pointOf(portrait, states, 60)[0]).toBeCloseTo(-pointOf(portrait, states, 61)[0], 4);
    expect(portrait.curve).toHaveLength(4);
    expect([...portrait.points, ...portrait.along, ...portrait.recurrence].every(Number.isFinite)).toBe(true);
  });
});

describe("portraitOf a slider", () => {
  it("gives the way along the drift, straight in the step", () => {
    const states = made((step) => [1, 0.002 * step, 0.0004 * Math.sin(step), 0.4 * 0.5 ** step]);
    const portrait = portraitOf(states, sitter({pattern: "slider"}));
    const unit = Math.hypot(1, 0.002 * 96, 0.0004 * Math.sin(96));
    expect(portrait.greatCircle).toBe(false);
    expect((portrait.fitted[72] - portrait.fitted[0]) * unit).toBeCloseTo(0.002 * 72, 3);
    expect((portrait.along[96] - portrait.along[24]) * unit).toBeCloseTo(0.002 * 72, 3);
    expect([...portrait.curve]).toEqual([portrait.fitted[0], 0, portrait.fitted[72], 0]);
    expect(portrait.share).toBeGreaterThan(0.999);
  });

  it("gives the angle round a great circle, also past half a turn", () => {
    const states = made((step) => [2 * Math.cos(0.07 * step), 2 * Math.sin(0.07 * step), 0.1 * 0.5 ** step]);
    const portrait = portraitOf(states, sitter({pattern: "slider", greatCircle: true}));
    expect(portrait.greatCircle).toBe(true);
    expect(portrait.along[96] - portrait.along[24]).toBeCloseTo(0.07 * 72, 3);
    expect(portrait.fitted[72] - portrait.fitted[0]).toBeCloseTo(0.07 * 72, 3);
    expect(Math.hypot(...portrait.curve.slice(0, 2))).toBeCloseTo(1, 3);
    expect(portrait.residual).toBeLessThan(1e-3);
  });
});

describe("portraitOf a converging path", () => {
  it("finds the end before it is reached, and the distances to it", () => {
    const states = made((step) => [1, 0.5 * 0.95 ** step, 0.2 * 0.4 ** step], {steps: 64});
    const portrait = portraitOf(states, sitter({pattern: "converging", rate: 0.95, window: [16, 63]}));
    const unit = Math.hypot(1, 0.5 * 0.95 ** 63);
    for (const step of [16, 40, 63]) {
      expect(portrait.along[step] * unit).toBeCloseTo(0.5 * 0.95 ** step, 4);
      expect(portrait.fitted[step - 16] * unit).toBeCloseTo(0.5 * 0.95 ** step, 4);
    }
  });

  it("shows a spiral as one: equal turns of the angle from step to step", () => {
    const states = made((step) => [1, 0.4 * 0.9 ** step * Math.cos(0.8 * step), 0.4 * 0.9 ** step * Math.sin(0.8 * step)], {steps: 64});
    const portrait = portraitOf(
      states,
      sitter({pattern: "converging", rate: 0.9, period: (2 * Math.PI) / 0.8, window: [4, 63], noiseFloor: 1e-5})
    );
    const angle = (step: number): number => Math.atan2(...(pointOf(portrait, states, step).toReversed() as [number, number]));
    const turned = (step: number): number => Math.abs(((angle(step + 1) - angle(step) + 3 * Math.PI) % (2 * Math.PI)) - Math.PI);
    for (const step of [5, 15, 30]) expect(turned(step)).toBeCloseTo(0.8, 2);
    const radii = [5, 15, 25].map((step) => Math.hypot(...pointOf(portrait, states, step)));
    expect(radii[0] - radii[1]).toBeCloseTo(radii[1] - radii[2], 2); // a decade is a decade
  });

  it("a path at rest has a picture too", () => {
    const states = made(() => [1, 0.5]);
    const portrait = portraitOf(states, sitter({pattern: "converging", window: [0, 96]}));
    expect([...portrait.points, ...portrait.along, portrait.share].every(Number.isFinite)).toBe(true);
    expect(portrait.fitted).toHaveLength(0);
  });
});

describe("the recurrence plot", () => {
  it("has a stripe for each period, and of a long run the last steps", () => {
    const states = made((step) => [1, 0.1 * Math.cos((2 * Math.PI * step) / 8), 0.1 * Math.sin((2 * Math.PI * step) / 8)], {steps: 200});
    const {recurrence, recurrenceFrom} = portraitOf(states, sitter({pattern: "orbit", period: 8, window: [100, 199]}));
    expect(recurrenceFrom).toBe(200 - RECURRENCE_STEPS);
    expect(recurrence).toHaveLength(RECURRENCE_STEPS ** 2);
    expect(recurrence[8]).toBeLessThan(1e-5);
    expect(recurrence[4]).toBeCloseTo(0.2 / Math.hypot(1, 0.1), 4);
  });
});

it("a window outside the states is refused by name", () => {
  const states = made(() => [1]);
  expect(() => portraitOf(states, sitter({pattern: "orbit", window: [24, 97]}))).toThrow(
    "invalid window: 24 to 97; expected two of the rows 0 to 96"
  );
});

describe("portraitOf an approach with a second mode in its window", () => {
  it("ends where the path rests, not where one mode would have it", () => {
    const states = made((step) => [1, 0.5 * 0.23 ** step, 0.4 * 0.6 ** step, 0.2 * (-0.5) ** step], {steps: 97});
    const {along} = portraitOf(states, sitter({pattern: "converging", window: [0, 12], rate: 0.23}));
    expect(along[0]).toBeCloseTo(Math.hypot(0.5, 0.4, 0.2), 3);
    for (let step = 60; step < 97; ++step) expect(along[step], `step ${step}`).toBeLessThan(1e-6);
  });

  it("ends at the last state of a short run, too, where the fit would put the end further off than the rate leaves", () => {
    const states = made((step) => [1, 0.5 * 0.6 ** step, 0.4 * 0.75 ** step, 0.2 * (-0.5) ** step], {steps: 25});
    const {along} = portraitOf(states, sitter({pattern: "converging", window: [0, 18], rate: 0.6}));
    for (let step = 19; step < 24; ++step) expect(along[step + 1], `step ${step + 1}`).toBeLessThan(along[step]);
    expect(along[24]).toBe(0);
  });
});
