import {describe, expect, it} from "vitest";
import {BEYOND_COLUMN, beyondColumn, beyondNote, beyondSpan, beyondWords, trainedEnd} from "../../../capture/trace/trainedSteps.ts";

describe("trainedEnd", () => {
  it.each([
    ["more steps than were trained", 8, 9, 8],
    ["as many as were trained", 8, 8, undefined],
    ["fewer", 8, 3, undefined],
    ["nobody knows", null, 64, undefined],
    ["nothing is said", undefined, 64, undefined]
  ])("of %s: %s trained, last step %i", (_, trained, last, end) => expect(trainedEnd(trained, last)).toBe(end));
});

describe("the words", () => {
  it("count the trained steps", () => {
    expect(beyondWords(8)).toBe("beyond the 8 trained steps");
    expect(beyondWords(1)).toBe("beyond the 1 trained step");
  });
  it.each([
    [8, 8, undefined, ""],
    [8, 9, undefined, ", beyond the 8 trained steps"],
    [8, 64, 1, ", from step 9 on beyond the 8 trained steps"],
    [8, 64, 20, ", beyond the 8 trained steps"],
    [null, 64, 1, ""]
  ])("beyondNote(%s, %i, %s) is %j", (trained, step, from, note) => expect(beyondNote(trained, step, from)).toBe(note));
  it.each([
    [6, 20, "; steps 7 to 20 lie beyond the 6 trained steps"],
    [6, 7, "; step 7 lies beyond the 6 trained steps"],
    [6, 6, ""],
    [undefined, 6, ""]
  ])("beyondSpan(%s, %i) is %j", (trained, last, span) => expect(beyondSpan(trained, last)).toBe(span));
});

describe("beyondColumn", () => {
  it("is 1 beyond the trained steps and 0 up to them", () => {
    const {names, cells} = beyondColumn(2);
    expect(names).toEqual([BEYOND_COLUMN]);
    expect([0, 1, 2, 3].map((step) => cells(step))).toEqual([[0], [0], [0], [1]]);
  });
  it("is no column where the number is not known", () => {
    const {names, cells} = beyondColumn(null);
    expect([names, cells(3)]).toEqual([[], []]);
  });
});
