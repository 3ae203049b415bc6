import {expect, it} from "vitest";
import {gramOf} from "../../../../analysis/patterns/path/gram.ts";
import {heldByRounding, type HeldByRounding} from "../../../../analysis/patterns/orbit/heldByRounding.ts";
import {planar} from "../../../support/planarPaths.ts";

const FLOOR = 0.01;

/** What rounding can hold of flips of so many floors at each step. */
function heldOf(floors: (t: number) => number): HeldByRounding | undefined {
  const steps = 96;
  const path = gramOf(planar(steps, 16, (t) => [((-1) ** t * floors(t) * FLOOR) / 8, 0]));
  return heldByRounding(path, {amplitude: floors(steps - 1) * FLOOR, mode: {omega: Math.PI}}, FLOOR);
}

it("a loop that keeps 0.8 a step holds up to ten floors, and no more", () => {
  const fallTo = (end: number) => heldOf((t) => Math.max(400 * 0.8 ** t, end));
  expect(fallTo(9.5)).toMatchObject({evenly: true});
  expect(fallTo(9.5)!.rate).toBeCloseTo(0.8, 6);
  expect(fallTo(9.5)!.floors).toBeCloseTo(9.5, 6);
  expect(fallTo(9.5)!.mostFloors).toBeCloseTo(10, 4);
  expect(fallTo(10.5)).toBeUndefined();
});

it("of a fall from less than six times the end nothing is known, nor of what never fell", () => {
  const fallFrom = (times: number) => heldOf((t) => Math.max(5 * times * 0.8 ** t, 5));
  expect(fallFrom(6.5)).toBeDefined();
  expect(fallFrom(5.5)).toBeUndefined();
  expect(heldOf(() => 5)).toBeUndefined();
  expect(heldOf((t) => Math.min(5, 0.1 * 1.3 ** t))).toBeUndefined();
});

it("a fall that is half as quick at its end is none of one rate", () => {
  const slowedTo = (rate: number) => heldOf((t) => Math.max(t < 6 ? 400 * 0.7 ** t : 400 * 0.7 ** 6 * rate ** (t - 6), 4));
  expect(slowedTo(0.82)).toMatchObject({evenly: true});
  expect(slowedTo(0.86)).toMatchObject({evenly: false});
});
