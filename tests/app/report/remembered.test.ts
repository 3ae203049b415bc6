import {expect, it} from "vitest";
import {logShare} from "../../../app/report/logShare.ts";
import {remembered} from "../../../app/report/remembered.ts";

it("remembered gives the same object for the same arguments, and another one for others", () => {
  const listOf = remembered((a: number, b: string) => [a, b]);
  const first = listOf(1, "x");
  expect(listOf(1, "x")).toBe(first);
  expect(listOf(1, "y")).not.toBe(first);
  expect(listOf(1, "x")).toEqual([1, "x"]);
});

it("logShare runs from 0 at the first step to 1 at the last, and is 0 for a run without steps", () => {
  expect([logShare(0, 64), logShare(64, 64), logShare(0, 0)]).toEqual([0, 1, 0]);
  expect(logShare(7, 63)).toBeCloseTo(0.5);
});
