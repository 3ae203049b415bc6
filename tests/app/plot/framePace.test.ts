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
  it("keeps what fits in a frame", () => expect(piecesAfter(...fifty(18))).toBe(1000));
  it("draws all where frames are quick", () => expect(piecesAfter(...fifty(16.7))).toBe(5000));
  it("draws less where they are slow, and never nothing", () => {
    expect(piecesAfter(25, 25, 25, 25)).toBe(760);
    expect(piecesAfter(...fifty(250))).toBe(100);
  });
  it("goes by the mean of four frames: one late and the next early is no slow one", () => {
    expect(piecesAfter(...Array(25).fill([27, 9]).flat())).toBe(1000);
    expect(piecesAfter(90)).toBe(1000);
  });
  it("halves at most, whatever held the frames up", () => expect(piecesAfter(17, 17, 17, 3000)).toBe(500));
  it("never draws more than there is", () => expect(framePace({first: 1000, least: 100, most: 60}).pieces()).toBe(60));
  it("learns nothing from a pause", () => {
    const pace = framePace({first: 1000, least: 100, most: 5000});
    for (const now of [0, 17, 34, 51]) pace.frame(now);
    pace.pause();
    for (const now of [9000, 9018, 9036, 9054, 9072]) pace.frame(now);
    expect(pace.pieces()).toBe(1000);
  });
});
