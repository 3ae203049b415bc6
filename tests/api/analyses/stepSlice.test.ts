import {describe, expect, it} from "vitest";
import {stepSlice} from "../../../api/analyses/stepSlice.ts";
import {tensorsOf} from "../../../api/report/tensorsOf.ts";
import {encodeSafetensors} from "../../../capture/trace/safetensors.ts";
import {parseHeader} from "../../../capture/trace/safetensorsHeader.ts";

// rows [step·10, step·10 + 1] for steps 0 to 3, of another run for steps 0 and 1, and a basis
const points = (steps: number) => ({
  shape: [steps, 2],
  data: Float32Array.from({length: 2 * steps}, (_, i) => Math.floor(i / 2) * 10 + (i % 2))
});
const message = (metadata: Record<string, string> = {}) =>
  encodeSafetensors(
    {
      points: points(4),
      "points.1": points(2),
      ids: {shape: [4, 1], data: Int32Array.of(5, 6, 7, 8)},
      mean: {shape: [3], data: Float32Array.of(1, 2, 3)}
    },
    metadata
  );
const isStepped = (name: string) => name !== "mean";
const read = (bytes: Uint8Array) => Object.fromEntries([...tensorsOf(bytes)].map(([name, {data}]) => [name, [...data]]));

describe("stepSlice", () => {
  it("gives some steps of each, and what has none with the first steps only", () => {
    expect(read(stepSlice(message(), {from: 0, to: 1}, isStepped))).toMatchObject({
      points: [0, 1, 10, 11],
      "points.1": [0, 1, 10, 11],
      mean: [1, 2, 3]
    });
    expect(read(stepSlice(message(), {from: 2, to: 3}, isStepped))).toMatchObject({points: [20, 21, 30, 31], "points.1": []});
    expect(Object.keys(read(stepSlice(message(), {from: 2}, isStepped)))).not.toContain("mean");
  });
  it("goes to the last step where the range does, and says how many there are", () => {
    const slice = stepSlice(message({site: "state"}), {from: 3, to: 99}, isStepped);
    expect(read(slice).points).toEqual([30, 31]);
    expect(parseHeader(slice).metadata).toEqual({site: "state", steps: "4"});
  });
  it("counts the steps of a site that begins at step 1 as the run does", () => {
    const late = message({first_step: "1"}); // steps 1 to 4
    expect(read(stepSlice(late, {from: 0, to: 1}, isStepped)).points).toEqual([0, 1]);
    expect(read(stepSlice(late, {from: 4, to: 4}, isStepped)).points).toEqual([30, 31]);
  });
  it("keeps the bits of every dtype, and the bytes of a message that is asked for whole", () => {
    const {tensors} = parseHeader(stepSlice(message(), {from: 1, to: 2}, isStepped));
    expect(tensors.get("ids")).toMatchObject({dtype: "I32", shape: [2, 1]});
    const whole = message();
    expect(stepSlice(whole, {}, isStepped)).toBe(whole);
  });
  it("refuses a range without a step", () => {
    expect(() => stepSlice(message(), {from: 4, to: 9}, isStepped)).toThrow(
      "invalid steps: 4 to 9; expected a range that begins in 0 to 3"
    );
    expect(() => stepSlice(message(), {from: 3, to: 2}, isStepped)).toThrow(
      "invalid steps: 3 to 2; expected a range that begins in 0 to 3"
    );
  });
});
