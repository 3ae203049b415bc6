import {describe, expect, it} from "vitest";
import {parseEdits} from "../../../capture/edits/editSchema.ts";

describe("parseEdits", () => {
  it("fills in what may be left out", () => {
    expect(
      parseEdits([
        {op: "add", site: "state", vector: 1},
        {op: "noise", amount: 0.1}
      ])
    ).toEqual([
      {op: "add", site: "state", vector: 1, scale: 1},
      {op: "noise", amount: 0.1, type: "fixed", seed: 0}
    ]);
  });

  it.each([
    ["no list", {}, "invalid edits: invalid input: expected array"],
    ["an unknown operation", [{op: "explode"}], "invalid edit 0, op: expected one of set, add, scale,"],
    ["a key that does not belong", [{op: "scale", site: "state", factor: 1, vector: 0}], "invalid edit 0:"],
    ["a number that is not finite", [{op: "scale", site: "state", factor: Infinity}], "invalid edit 0, factor:"],
    [
      "noise without amount",
      [
        {op: "scale", site: "state", factor: 1},
        {op: "noise", amount: 0}
      ],
      "invalid edit 1, amount:"
    ]
  ])("refuses %s and says where", (_, json, message) => {
    expect(() => parseEdits(json)).toThrow(message);
  });
});
