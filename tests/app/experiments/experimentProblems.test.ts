import {describe, expect, it} from "vitest";
import {emptyExperiment, experimentOrder, startsEach} from "../../../app/experiments/experimentDraft.ts";
import {experimentProblems} from "../../../app/experiments/experimentProblems.ts";

const draft = {...emptyExperiment, prompts: "1+2=\n3+4="};

describe("experimentProblems", () => {
  it("finds nothing wrong with the form's defaults and two prompts", () => expect(experimentProblems(draft)).toEqual({}));

  it.each([
    [{prompts: " \n"}, {prompts: "Give at least one prompt, one a line."}],
    [{prompts: "a\nb\tc\td"}, {prompts: "Line 2 has 2 tabs; expected one, between prompt and answer."}],
    [{prompts: "a".repeat(2_100_000)}, {prompts: "2.1 MB of prompts; expected at most 2 MB here, more in a shell."}],
    [{steps: 0}, {steps: "Steps: 0; expected 1 to 4096."}],
    [{inits: 1}, {inits: "Initial states: 1; expected 2 to 256."}],
    [{noise: NaN}, {noise: "Noise starts: nothing; expected 0 to 256."}],
    [{tolerance: 0}, {tolerance: "Tolerance: 0; expected 0.000001 to 1."}],
    [{scales: "0, x"}, {scales: "Scales: x; expected numbers from 0 to 1000, joined by commas."}],
    [{constants: "2000"}, {constants: "Constants: 2000; expected numbers from -1000 to 1000, joined by commas."}],
    [{keep: "0, 2"}, {keep: "Traces: 2; expected whole numbers from 0 to 1, joined by commas."}],
    [{keep: "0.5"}, {keep: "Traces: 0.5; expected whole numbers from 0 to 1, joined by commas."}],
    [{scales: "", constants: "", noise: 0, swaps: 0}, {}]
  ])("names the value and what is allowed: %j", (patch, expected) => {
    expect(experimentProblems({...draft, ...patch})).toEqual(expected);
  });
});

describe("experimentOrder", () => {
  it("asks for what the form says, lists as numbers, without a title that is empty", () => {
    const order = experimentOrder({...draft, model: "m", title: " ", keep: "1 0"});
    expect(order).toMatchObject({
      model: "m",
      prompts: [{prompt: "1+2="}, {prompt: "3+4="}],
      options: {scales: [0, 0.1, 3, 10], constants: [1], keep: [1, 0], scale_inits: 4}
    });
    expect(order).not.toHaveProperty("title");
  });

  it("says what the model and the engine cannot", () => {
    const model = {not_offered: {paths: "m is given its input once"}};
    expect(experimentProblems(draft, model)).toEqual({model: "Path independence is not defined: m is given its input once."});
    expect(experimentProblems({...draft, engine: "tfjs", dtype: "int8"})).toEqual({
      dtype: "unsupported dtype: int8; the tfjs engine computes in f32"
    });
    expect(experimentProblems({...draft, engine: "tfjs", device: "cuda"})).toEqual({
      device: "unsupported device: cuda; the tfjs engine computes on the cpu"
    });
  });

  it("counts the starts of a prompt: own, noise, swaps, zero, scales, constants", () => {
    expect(startsEach(draft, 200)).toBe(16 + 8 + 4 + 1 + 3 * 4 + 1);
    expect(startsEach({...draft, scales: "1", constants: ""}, 200)).toBe(28);
    expect(startsEach({...draft, scales: "", constants: ""}, 3)).toBe(16 + 8 + 2); // two others to swap with
  });
});
