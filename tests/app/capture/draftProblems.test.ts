import {describe, expect, it} from "vitest";
import type {ModelSummary} from "../../../api/contract/contract.ts";
import {emptyDraft} from "../../../app/capture/captureDraft.ts";
import {problemsOf} from "../../../app/capture/draftProblems.ts";

const model = {max_tokens: 1024, not_offered: {}} as ModelSummary;
const draft = {...emptyDraft, prompt: "1+2="};

describe("problemsOf", () => {
  it("finds nothing wrong with the form's defaults and a prompt", () => expect(problemsOf(draft, model, 4)).toEqual({}));
  it.each([
    [{prompt: ""}, 0, {prompt: "Type a prompt: at least one token."}],
    [{}, 1025, {prompt: "1025 tokens; this model takes at most 1024."}],
    [{steps: 0}, 4, {steps: "Steps: 0; expected 1 to 4096."}],
    [{steps: 1e6}, 4, {steps: "Steps: 1000000; expected 1 to 4096."}],
    [{inits: 1.5}, 4, {inits: "Initial states: 1.5; expected 1 to 1024."}],
    [{seed: NaN}, 4, {seed: "Seed: nothing; expected 0 to 2147483647."}],
    [{scale: -1}, 4, {scale: "Scale: -1; expected 0 to 1000."}],
    [{top: 0}, 4, {top: "Top tokens: 0; expected 1 to 100."}],
    [{top: 0, readout: false}, 4, {}]
  ])("problemsOf names the value and what is allowed: %j with %d tokens", (patch, tokens, expected) => {
    expect(problemsOf({...draft, ...patch}, model, tokens)).toEqual(expected);
  });
  it("says why a model cannot start otherwise, and nothing where it starts as it does", () => {
    const made = {...model, not_offered: {init_kind: "m starts from its input"}} as ModelSummary;
    expect(problemsOf({...draft, kind: "zero"}, made, 4)).toEqual({kind: "Initial state: zero; m starts from its input."});
    expect(problemsOf(draft, made, 4)).toEqual({});
  });
});
