import {expect, it} from "vitest";
import {matrixOf} from "../../../../analysis/matrix.ts";
import {stillGoes} from "../../../../analysis/patterns/approach/goingOn.ts";
import {gramOf} from "../../../../analysis/patterns/path/gram.ts";

/** Sixteen states along a line, which goes on by 1 a step at first and by `later` in the second half. */
const line = (later = 1) =>
  gramOf(
    matrixOf(
      16,
      1,
      Float32Array.from({length: 16}, (_, t) => (t < 8 ? t : 8 + later * (t - 8)))
    )
  );

const QUICK = {rate: 0.5, floor: 1e-6}; // of which nothing would be left after eight steps

it("an end goes on that keeps more than three tenths of its squared speed where a decay would have died away", () => {
  expect(stillGoes(line(Math.sqrt(0.35)), QUICK)).toBe(true);
  expect(stillGoes(line(Math.sqrt(0.25)), QUICK)).toBe(false);
});

it("one that goes on by less than thrice what the decay leaves is the decay's own end", () => {
  const leaving = (share: number): number => share ** (1 / 16); // of the squared speed, after eight steps
  expect(stillGoes(line(), {...QUICK, rate: leaving(0.28)})).toBe(true);
  expect(stillGoes(line(), {...QUICK, rate: leaving(0.38)})).toBe(false);
});

it("one whose squared speed is not clear of its noise does not go on", () => {
  const unit = 40; // of eight steps about their middle, Σ (t − 3.5)², without a flip's share of 2
  const floorOf = (ratio: number): number => Math.sqrt(unit / (1 + ratio)); // the noise in a velocity is taken off its square
  expect(stillGoes(line(), {...QUICK, floor: floorOf(4.6)})).toBe(true);
  expect(stillGoes(line(), {...QUICK, floor: floorOf(3.4)})).toBe(false);
});
