import {expect, it} from "vitest";
import {z} from "zod";
import {checkLine} from "../../../api/contract/checkLine.ts";

const schema = z
  .strictObject({
    steps: z.number().int().min(1).max(10),
    readout: z.strictObject({top: z.number().max(3)}).optional(),
    kind: z.enum(["a", "b"]).optional()
  })
  .refine(({steps}) => steps !== 7, {message: "Expected any other number"});

it.each<[unknown, string]>([
  [{}, "missing steps; expected number, received undefined"],
  [{steps: 0}, "invalid steps: 0; expected number to be >=1"],
  [{steps: 1, readout: {top: 9}}, "invalid readout.top: 9; expected number to be <=3"],
  [{steps: 1, kind: "c"}, 'invalid kind: "c"; expected one of "a"|"b"'],
  [{steps: 1, stesp: 2}, "unknown stesp; not among what is allowed here"],
  [{steps: 1, readout: {top: 1, bottom: 2}}, "unknown readout.bottom; not among what is allowed here"],
  [{steps: 7}, "invalid request: expected any other number"],
  ["text", "invalid request: expected object, received string"],
  [{steps: "x".repeat(100)}, `invalid steps: "${"x".repeat(59)}…; expected number, received string`]
])("checkLine of %j says where, the value and what is allowed", (input, line) => {
  const parsed = schema.safeParse(input);
  expect(parsed.success ? "passed" : checkLine(parsed.error, input)).toBe(line);
});
