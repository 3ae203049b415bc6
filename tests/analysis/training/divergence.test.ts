import {describe, expect, it} from "vitest";
import {diagnose, divergenceFrom, smoothed, type TrainingCurve} from "../../../analysis/training/divergence.ts";

const curve = (name: string, of: (update: number) => number, count = 40): TrainingCurve => ({
  name,
  points: Array.from({length: count}, (_, i) => ({update: 5 * i, value: of(5 * i)}))
});
const falls = (update: number) => Math.exp(-update / 50);
const wobble = (update: number) => 0.005 * Math.sin(update);

describe("divergenceFrom", () => {
  const control = curve("loss", (update) => falls(update) + wobble(update));

  it("finds nothing in the control itself, nor in another wobble of the same size", () => {
    expect(divergenceFrom(control, control).from).toBeUndefined();
    expect(
      divergenceFrom(
        curve("loss", (update) => falls(update) - wobble(update)),
        control
      ).from
    ).toBeUndefined();
  });

  it("finds where a curve leaves for good, and not where it only strays for a while", () => {
    expect(
      divergenceFrom(
        curve("loss", (update) => (update < 100 ? falls(update) : 0.6)),
        control
      ).from
    ).toBe(100);
    expect(
      divergenceFrom(
        curve("loss", (update) => (update > 50 && update < 80 ? 0.9 : falls(update))),
        control
      ).from
    ).toBeUndefined();
  });

  it.each([
    [2, undefined],
    [3, 185]
  ])("takes %d points at the end as %o", (count, from) => {
    const strays = curve("loss", (update) => (update > 195 - 5 * count ? 0.9 : falls(update)));
    expect(divergenceFrom(strays, control).from).toBe(from);
  });

  it("takes a value that is no number for one outside", () => {
    expect(
      divergenceFrom(
        curve("loss", (update) => (update < 150 ? falls(update) : Number.NaN)),
        control
      ).from
    ).toBe(150);
  });
});

describe("diagnose", () => {
  const control = {loss: curve("loss", falls), curves: [curve("norm", () => 1), curve("correlation", () => 0.1)]};

  it("orders the warnings by how long before the failure they come", () => {
    const run = {
      loss: curve("loss", (update) => (update < 100 ? falls(update) : 0.9)),
      curves: [curve("norm", (update) => (update < 60 ? 1 : 3)), curve("correlation", (update) => (update < 120 ? 0.1 : 0.9))]
    };
    expect(diagnose(run, control)).toEqual({
      failed: 100,
      warnings: [
        {curve: "norm", from: 60, lead: 40},
        {curve: "correlation", from: 120, lead: -20}
      ]
    });
  });

  it("says nothing of a run that does as well, whatever its curves do, or better", () => {
    const curves = [curve("norm", () => 9), curve("correlation", () => 0.1)];
    expect(diagnose({loss: control.loss, curves}, control)).toEqual({failed: undefined, warnings: []});
    expect(diagnose({loss: curve("loss", (update) => falls(update) / 9), curves}, control).failed).toBeUndefined();
  });
});

it("smoothed takes one mean of a curve of fewer points, and none of an empty one", () => {
  expect(smoothed({name: "x", points: [1, 3].map((value, i) => ({update: i + 1, value}))}, 5).points).toEqual([{update: 2, value: 2}]);
  expect(smoothed({name: "x", points: []}, 5).points).toEqual([]);
});

it("smoothed takes means of consecutive points and leaves out a rest", () => {
  const made = smoothed({name: "x", points: [1, 3, 5, 7, 100].map((value, i) => ({update: i + 1, value}))}, 2);
  expect(made.points).toEqual([
    {update: 2, value: 2},
    {update: 4, value: 6}
  ]);
});
