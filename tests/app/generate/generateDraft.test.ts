import {describe, expect, it} from "vitest";
import {generateProblems, useGenerateDraft} from "../../../app/generate/generateDraft.ts";

const draft = {...useGenerateDraft.getInitialState(), prompt: "1+2="};
const lacking = {exit_gate: "m has no exit gate", warm_start_normed: "m has no norm", chat: "no template", diffuse: "no diffusion for m"};
const model = {max_tokens: 100, not_offered: lacking};

describe("generateProblems", () => {
  it("finds nothing wrong with the form's defaults and a prompt", () => expect(generateProblems(draft, 4, model)).toEqual({}));
  it.each([
    [{exit: "gate"}, {exit: "Leave the loop by: gate; m has no exit gate."}],
    [{exit: "kl"}, {}],
    [{warmStart: "normed"}, {warmStart: "A token starts from: normed; m has no norm."}],
    [{chat: true}, {chat: "Chat template: no template."}],
    [{diffuse: true}, {diffuse: "no diffusion for m."}]
  ] as const)("says what the model has not: %j", (patch, problems) => {
    expect(generateProblems({...draft, ...patch}, 4, model)).toEqual(problems);
    expect(generateProblems({...draft, ...patch}, 4, {...model, not_offered: {}})).toEqual({});
  });
  it("holds prompt and new tokens against what the model takes", () =>
    expect(generateProblems({...draft, maxNew: 64}, 40, model)).toEqual({
      maxNew: "New tokens: 64, with 40 of prompt; the model takes at most 100."
    }));
});
