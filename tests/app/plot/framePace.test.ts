import {describe, expect, it} from "vitest";
import {framePace} from "../../../app/plot/framePace.ts";

/** Pieces after frames that took so many milliseconds each. */
function piecesAfter(...times: number[]): number {
  const pace = framePace({first: 1000, least: 100, most: 5000});
  let now = 0;
  pace.frame(now);
  for (const ms of times) pace.frame((now += ms));
  return pace.pieces();
}

const fifty = (ms: number): number[] => Array(50).fill(ms);

describe("framePace", () => {
  it("keeps what fits in a frame", () => expect(piecesAfter(...fifty(24))).toBe(1000));
  it("draws all where frames are quick", () => expect(piecesAfter(...fifty(16.7))).toBe(5000));
  it("draws less where they are slow, and never nothing", () => {
    expect(piecesAfter(40)).toBe(700);
    expect(piecesAfter(...fifty(250))).toBe(100);
  });
  it("never draws more than there is", () => expect(framePace({first: 1000, least: 100, most: 60}).pieces()).toBe(60));
  it("learns nothing from a pause", () => {
    const pace = framePace({first: 1000, least: 100, most: 5000});
    pace.frame(0);
    pace.pause();
    pace.frame(9000);
    expect(pace.pieces()).toBe(1000);
  });
});
