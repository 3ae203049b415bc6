import {expect, it} from "vitest";
import {nameSchema} from "../../../api/contract/contract.ts";
import {newName} from "../../../api/runs/newName.ts";

const date = new Date("2026-01-31T14:25:01.500Z");

it.each([
  ["48+37=", /^20260131-142501-48-37-[0-9a-f]{4}$/],
  ["\n", /^20260131-142501-[0-9a-f]{4}$/],
  ["../../etc/passwd", /^20260131-142501-etc-passwd-[0-9a-f]{4}$/],
  ["Früh übt sich, wer ein Meister werden will, und wer nicht", /^20260131-142501-fru-h-u-bt-sich-wer-ein-meister-werden-w-[0-9a-f]{4}$/]
])("newName of %j is a name that may stand in a URL", (text, pattern) => {
  const name = newName(date, text);
  expect(name).toMatch(pattern);
  expect(nameSchema.parse(name)).toBe(name);
});

it("newName sorts by time and tells two of one second apart", () => {
  const names = new Set(Array.from({length: 20}, () => newName(date, "a")));
  expect(names.size).toBeGreaterThan(15);
  expect(newName(date, "z") < newName(new Date(date.getTime() + 1000), "a")).toBe(true);
});
