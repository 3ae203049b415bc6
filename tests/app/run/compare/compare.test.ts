import {describe, expect, it} from "vitest";
import {alignedField, alignmentOf, notesOf, type Alignment} from "../../../../app/run/compare/compare.ts";
import {smallAnnouncement, type SmallTraceOptions} from "../../../support/smallTrace.ts";
import type {Trace} from "../../../../capture/trace/schema.ts";

const alignment: Alignment = {partners: [0, -1, 1], count: 2, by: "id"};

const trace = (options: SmallTraceOptions, change: Partial<Trace> = {}): {trace: Trace} => ({
  trace: {...smallAnnouncement(options), status: "complete", stopped: null, steps_written: 4, step_ms: [], ...change}
});

describe("alignedField", () => {
  it("puts the other run's values in the places of this run's tokens, and nothing where there is no partner", () => {
    const field = {steps: 2, inits: 1, tokens: 2, values: [1, 2, 3, 4]};
    expect(alignedField(field, alignment)).toEqual({steps: 2, inits: 1, tokens: 3, values: Float32Array.of(1, NaN, 2, 3, NaN, 4)});
  });
});

describe("alignmentOf", () => {
  it("reads a message of the server", () => {
    expect(
      alignmentOf({tensors: {partners: {shape: [3], data: Int32Array.of(0, -1, 1)}}, metadata: {aligned: "2", aligned_by: "id"}})
    ).toEqual(alignment);
  });
});

describe("notesOf", () => {
  it("says only how many tokens are aligned where nothing else is different", () => {
    expect(notesOf(trace({}), trace({}), alignment)).toEqual(["2 of 3 tokens have a partner"]);
  });
  it("says the other's value and this run's of whatever is different", () => {
    const model = {name: "other", hash: null, revision: null, config: {}};
    const other = trace(
      {steps: 8, inits: 1, storageDtype: "bf16", readout: true},
      {model, inits: [{kind: "normal", seed: 7, scale: 2}], edits: [{op: "noise"}]}
    );
    expect(notesOf(trace({}), other, {...alignment, by: "text"})).toEqual([
      "2 of 3 tokens have a partner, aligned by text: the vocabularies differ",
      "another model, other, of the same width; here small",
      "steps 8, here 4",
      "inits 1, here 2",
      "seed 7, here 0",
      "initial scale 2, here 1",
      "stored in bf16, here f32",
      "readout by the lens coda, here –",
      "1 change while it ran, here no changes"
    ]);
  });
});
