import {describe, expect, it} from "vitest";
import {editProblem, editsOf, newEdit, type EditDraft} from "../../../app/capture/edits.ts";
import {httpSource} from "../../../app/source/httpSource.ts";
import {editSchema} from "../../../capture/edits/editSchema.ts";

const nowhere = httpSource({fetch: () => Promise.reject(new Error("no request was expected"))});
const draft = (patch: Partial<EditDraft>): EditDraft => ({...newEdit, ...patch});

describe("editsOf", () => {
  it.each([
    [draft({op: "scale", step: 4, tokens: "3, 5", amount: 0}), {op: "scale", site: "state", step: 4, tokens: [3, 5], factor: 0}],
    [draft({op: "set", step: 0, amount: 1}), {op: "set", site: "state", step: 0, vector: 1}],
    [draft({op: "add", site: "input", step: 2, amount: 0.5}), {op: "add", site: "input", step: 2, vector: 0.5, scale: 1}],
    [draft({op: "swap_input", step: 2, prompt: "1+2="}), {op: "swap_input", from: 2, prompt: "1+2="}],
    [draft({op: "freeze", step: 3, tokens: "1"}), {op: "freeze", tokens: [1], from: 3}],
    [draft({op: "noise", amount: 0.1}), {op: "noise", amount: 0.1, type: "fixed", seed: 0}]
  ])("writes a change as the capture takes it: %j", async (edit, expected) => {
    const [written] = await editsOf([edit], nowhere);
    expect(written).toEqual(expected);
    expect(editSchema.safeParse(written).success).toBe(true);
  });
});

describe("editProblem", () => {
  it.each([
    [draft({step: 65}), "Step: 65; expected 0 to 64."],
    [draft({op: "swap_input", step: 0, prompt: "a"}), "Step: 0; expected 1 to 64."],
    [draft({tokens: "a"}), "Tokens: a; expected indices joined by commas, or nothing for all."],
    [draft({op: "freeze"}), "Tokens: nothing; expected indices joined by commas."],
    [draft({amount: NaN}), "factor: nothing; expected a number."],
    [draft({op: "noise", amount: 0}), "amount: 0; expected more than 0."],
    [draft({op: "swap_input"}), "Prompt: nothing; expected one with as many tokens."],
    [draft({op: "patch", tokens: "1"}), "Run: nothing; expected a run to take the state from."],
    [draft({}), undefined]
  ])("names the value and what is allowed: %j", (edit, problem) => expect(editProblem(edit, 64)).toBe(problem));
  it("says why a model cannot be asked a change", () => {
    const refusals = {noise: "m has no test-time noise"};
    expect(editProblem({...newEdit, op: "noise", amount: 0.1}, 64, refusals)).toBe("add noise at every step: m has no test-time noise.");
    expect(editProblem(newEdit, 64, refusals)).toBeUndefined();
  });
});
