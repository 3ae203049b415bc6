import {describe, expect, it} from "vitest";
import {attractorOfStarts, attractorsOf} from "../../../analysis/paths/attractors.ts";
import {compareTails} from "../../../analysis/paths/compareTails.ts";
import {isClosing} from "../../../analysis/paths/closing.ts";
import {periodOf} from "../../../analysis/paths/tailPeriod.ts";
import {circle, contraction, signed, statesIn, tailOf, type World} from "../../support/worlds.ts";

const options = {floor: 1e-6};
/** The last 32 states of a run of 64 steps. */
const tailIn = (world: World, starts = 2) => tailOf(statesIn(world, {starts, steps: 64}), 32);

describe("compareTails", () => {
  it("calls two contractions to one point the same", () => {
    expect(compareTails(tailIn(contraction([0.5, 0.5])), 0, 0, 1, options)).toMatchObject({relation: "same", lag: 0});
  });
  it("calls two points apart", () => {
    expect(
      compareTails(
        tailIn((start) => () => [1, start]),
        0,
        0,
        1,
        options
      )
    ).toMatchObject({relation: "apart"});
  });
  it.each([0.96, 0.99])("calls a contraction at rate %f that has not finished closing, not apart", (rate) => {
    expect(
      compareTails(
        tailIn((start) => (step) => [10, 10 * (start - 0.5) * rate ** step]),
        0,
        0,
        1,
        options
      ).relation
    ).toBe("closing");
  });
  it("calls a decay to two different points apart", () => {
    expect(
      compareTails(
        tailIn((start) => (step) => [10, (start - 0.5) * (1 + 3 * 0.9 ** step)]),
        0,
        0,
        1,
        options
      ).relation
    ).toBe("apart");
  });
  it.each([2, 3, 6, 10])("finds a whole lag on a cycle of period %i", (period) => {
    const found = compareTails(tailIn(circle(period, (start) => start)), 0, 1, 0, options);
    expect(found.relation).toBe("phase");
    expect(found.lag).toBeCloseTo(1, 2);
  });
  it("finds a lag that is not whole on a cycle whose period is not", () => {
    const found = compareTails(tailIn(circle(7.3, (start) => 2.5 * start)), 0, 1, 0, options);
    expect(found.relation).toBe("phase");
    expect(found.lag).toBeCloseTo(2.5, 1);
  });
  it.each([2.37, 2.6, 3.3])("finds the phase on a cycle of the short and broken period %f, between all of its states", (period) => {
    const found = compareTails(tailIn(circle(period, (start) => 0.7 * start)), 0, 1, 0, options);
    expect(found.relation).toBe("phase");
    const turns = (found.lag - 0.7) / period;
    expect(turns - Math.round(turns)).toBeCloseTo(0, 1);
  });
  it("calls two cycles in different planes apart", () => {
    const world: World = (start) => (step) => [
      5,
      ...[0, 1].flatMap((plane) => (plane === start ? [Math.cos(step), Math.sin(step)] : [0, 0]))
    ];
    expect(compareTails(tailIn(world), 0, 0, 1, options).relation).toBe("apart");
  });
  it("calls two circles of radius 1 and 1.5 in one plane apart", () => {
    const world: World = (start) => (step) => [5, (1 + start / 2) * Math.cos(step), (1 + start / 2) * Math.sin(step)];
    expect(compareTails(tailIn(world), 0, 0, 1, options).relation).toBe("apart");
  });
  it.each([2, 3, 4, 6])(
    "calls cycles of period %i of radius 1 and 0.6 in one plane apart, whatever lies between their states",
    (period) => {
      const world: World = (start) => (step) => [
        5,
        ...[Math.cos, Math.sin].map((f) => (start === 0 ? 1 : 0.6) * f((2 * Math.PI * step) / period))
      ];
      expect(compareTails(tailIn(world), 0, 0, 1, options).relation).toBe("apart");
      expect(compareTails(tailIn(world), 0, 1, 0, options).relation).toBe("apart");
    }
  );
  it("calls two samples of noise apart", () => {
    expect(
      compareTails(
        tailIn((_, random) => () => [5, signed(random), signed(random), signed(random)]),
        0,
        0,
        1,
        options
      ).relation
    ).toBe("apart");
  });
});

describe("isClosing", () => {
  it("tells a decay from a plateau, a rise and a decay to a plateau", () => {
    const curve = (f: (t: number) => number) => Float64Array.from({length: 30}, (_, t) => f(t));
    expect(isClosing(curve((t) => 0.9 ** t))).toBe(true);
    expect(isClosing(curve(() => 0.3))).toBe(false);
    expect(isClosing(curve((t) => 1.1 ** t))).toBe(false);
    expect(isClosing(curve((t) => 0.3 + 0.9 ** t))).toBe(false);
    expect(isClosing(curve((t) => 1 - t / 40))).toBe(true); // straight down
  });
});

describe("periodOf", () => {
  it.each([2, 3, 5, 12])("is %i for a cycle of that period", (period) => {
    expect(periodOf(tailIn(circle(period, () => 0)), 0, 0, options)).toBe(period);
  });
  it.each([2.37, 6.5])("is %f for a rotation of so many steps a turn", (period) => {
    expect(periodOf(tailIn(circle(period, () => 0)), 0, 0, options)).toBeCloseTo(period, 1);
  });
  it("is 1 at rest, and undefined for noise, a drift and half a turn", () => {
    expect(
      periodOf(
        tailIn(() => () => [1, 2]),
        0,
        0,
        options
      )
    ).toBe(1);
    expect(
      periodOf(
        tailIn((_, random) => () => [2, signed(random), signed(random)]),
        0,
        0,
        options
      )
    ).toBeUndefined();
    expect(
      periodOf(
        tailIn(() => (step) => [50, step]),
        0,
        0,
        options
      )
    ).toBeUndefined();
    expect(periodOf(tailIn(circle(60, () => 0)), 0, 0, options)).toBeUndefined();
  });
});

describe("periodOf a small motion", () => {
  const flip =
    (size: (step: number) => number): World =>
    () =>
    (step) => [10, 10 + (step % 2 === 0 ? 1 : -1) * size(step)];
  it("is 2 for a cycle smaller than the tolerance, far above the floor", () => {
    expect(periodOf(tailIn(flip(() => 0.01)), 0, 0, options)).toBe(2);
  });
  it("is 1 for a flip of the size of rounding, and for one that dies away", () => {
    expect(periodOf(tailIn(flip(() => 0.0001)), 0, 0, options)).toBe(1);
    expect(periodOf(tailIn(flip((step) => 0.5 * 0.97 ** step)), 0, 0, options)).toBe(1);
  });
  it("is undefined for a large flip that dies away", () => {
    expect(periodOf(tailIn(flip((step) => 5 * 0.98 ** step)), 0, 0, options)).toBeUndefined();
  });
});

describe("attractorsOf", () => {
  it("finds one attractor of a contraction, with all starts", () => {
    const {attractors, underway} = attractorsOf(tailIn(contraction([0.5, 0.4]), 5), 0, options);
    expect(attractors).toMatchObject([{representative: 0, members: [0, 1, 2, 3, 4], period: 1}]);
    expect(underway).toEqual([]);
  });
  it("finds two attractors with their shares, the larger first", () => {
    const places = [0, 1, 1, 0, 1];
    const found = attractorsOf(
      tailIn((start) => (step) => [10, 10 * places[start] + 0.4 ** step], 5),
      0,
      options
    );
    expect(found.attractors).toMatchObject([
      {representative: 1, members: [1, 2, 4]},
      {representative: 0, members: [0, 3]}
    ]);
    expect([...attractorOfStarts(found, 5)]).toEqual([1, 0, 0, 1, 0]);
  });
  it("finds one cycle from starts at different phases, with their lags", () => {
    const {attractors} = attractorsOf(
      tailIn(
        circle(2, (start) => start % 2),
        4
      ),
      0,
      options
    );
    expect(attractors).toHaveLength(1);
    expect(attractors[0]).toMatchObject({members: [0, 1, 2, 3], period: 2});
    expect(attractors[0].lags.map((lag) => Math.abs(Math.round(lag)))).toEqual([0, 1, 0, 1]);
  });
  it("leaves a start that is still closing in underway", () => {
    const found = attractorsOf(
      tailIn((start) => (step) => [10, start === 2 ? 10 * 0.95 ** step : 0], 3),
      0,
      options
    );
    expect(found.attractors).toHaveLength(1);
    expect(found.underway).toEqual([{start: 2, attractor: 0, lag: 0}]);
  });
  it("leaves a start that closes in on a cycle at the opposite phase underway, though its gap at equal steps does not shrink", () => {
    const flip = (step: number) => (step % 2 === 0 ? 1 : -1);
    const found = attractorsOf(
      tailIn((start) => (step) => [10, 3 * flip(step + start) * (1 - (start === 1 ? 0.9 * 0.97 ** step : 0))]),
      0,
      options
    );
    expect(found.attractors).toMatchObject([{members: [0], period: 2}]);
    expect(found.underway).toMatchObject([{start: 1, attractor: 0}]);
    expect(Math.abs(Math.round(found.underway[0].lag)) % 2).toBe(1);
  });
  it("does not take a start that is leaving an unstable point for an attractor", () => {
    const flip = (step: number) => (step % 2 === 0 ? 1 : -1);
    const found = attractorsOf(
      tailIn((start) => (step) => [10, flip(step) * (start === 0 ? 0.0001 * 1.05 ** step : 3)], 3),
      0,
      options
    );
    expect(found.attractors).toMatchObject([{members: [1, 2], period: 2}]);
    expect(found.underway).toEqual([{start: 0, attractor: undefined, lag: 0}]);
  });
  it("tells apart places that differ by more than a tolerance given", () => {
    const tail = tailIn((start) => () => [1, 0.02 * start]);
    expect(attractorsOf(tail, 0, options).attractors).toHaveLength(2);
    expect(attractorsOf(tail, 0, {...options, tolerance: 0.05}).attractors).toHaveLength(1);
  });
});
