import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {editTaps} from "../../../capture/edits/editTaps.ts";
import {parseEdits} from "../../../capture/edits/editSchema.ts";
import {engineKinds} from "../../../capture/engine/choices.ts";
import type {Engine} from "../../../capture/engine/engine.ts";
import {loadEngine} from "../../../capture/engine/loadEngine.ts";
import {initialStates} from "../../../capture/loop/initialState.ts";
import {siteNamed, siteNames} from "../../../capture/model/site.ts";
import {maxDifference, shippedGolden} from "../../support/golden.ts";
import {momentsOf} from "../../support/runs.ts";

const ids = [3, 1, 4, 1, 5];
const batch = {inits: 2, tokens: ids.length};
const steps = 4;
const width = 48;
const names = [
  "embed",
  "prelude.0.out",
  "input",
  "state",
  "core.0.attn_out",
  "core.0.mlp_out",
  "core.0.out",
  "core.1.attn_out",
  "core.1.mlp_out",
  "core.1.out",
  "state_normed",
  "coda.0.out",
  "logits"
];

describe.each(engineKinds)("edits on %s", (kind) => {
  let engine: Engine;
  let initial: Float32Array;
  beforeAll(async () => {
    engine = await loadEngine(join(shippedGolden, "b_d48_h3_p1c2k1"), {engine: kind});
    initial = initialStates(engine.model, {...batch, seed: 1});
  });
  afterAll(() => engine.dispose());

  const run = async (edits: unknown, sites: readonly string[] = []) =>
    momentsOf(engine, {
      ids,
      initial,
      inits: 2,
      steps,
      sites,
      edits: await editTaps(engine, parseEdits(edits), {...batch, steps, encode: () => [2, 7, 1, 8, 2]})
    });
  const vectorAt = (array: Float32Array, init: number, token: number, size = width) =>
    array.subarray((init * 5 + token) * size, (init * 5 + token + 1) * size);

  it("knows the sites that it is tested at", () => expect(siteNames(engine.model)).toEqual(names));

  it.each(names)("an identity edit at %s changes no bit of anything", async (site) => {
    const [plain, edited] = [await run([], names), await run([{op: "scale", site, factor: 1}], names)];
    edited.forEach(({state, sites}, step) => {
      expect(Buffer.compare(Buffer.from(state.buffer), Buffer.from(plain[step].state.buffer)), `state ${step}`).toBe(0);
      for (const [name, value] of plain[step].sites) expect(maxDifference(sites.get(name)!, value), `${name} ${step}`).toBe(0);
    });
  });

  it("an identity edit at all sites at once changes no bit of the states", async () => {
    const [plain, edited] = [await run([]), await run(names.map((site) => ({op: "add", site, vector: 0})))];
    edited.forEach(({state}, step) => expect(maxDifference(state, plain[step].state)).toBe(0));
  });

  it.each(names.filter((site) => site !== "embed" && site !== "prelude.0.out"))(
    "sets a vector at %s, at its step, token and init only",
    async (site) => {
      const size = siteNamed(engine.model, site).width;
      const vector = Array.from({length: size}, (_, i) => i / size - 0.5);
      const [plain, edited] = [await run([], names), await run([{op: "set", site, step: 2, tokens: [3], inits: [1], vector}], names)];
      expect(edited[1].state).toEqual(plain[1].state);
      if (site !== "input" && site !== "state")
        expect(Array.from(vectorAt(edited[2].sites.get(site)!, 1, 3, size))).toEqual(vector.map(Math.fround));
      if (site === "state" || site === "core.1.out") expect(Array.from(vectorAt(edited[2].state, 1, 3))).toEqual(vector.map(Math.fround));
      for (const step of [2, 3, 4]) {
        expect(edited[step].state.subarray(0, 5 * width), "the other init").toEqual(plain[step].state.subarray(0, 5 * width));
        for (const token of [0, 1, 2])
          expect(
            maxDifference(vectorAt(edited[step].state, 1, token), vectorAt(plain[step].state, 1, token)),
            "tokens before it"
          ).toBeLessThan(1e-5);
      }
      const reaches = !["state_normed", "coda.0.out", "logits"].includes(site); // a readout leads nowhere but to the logits
      expect(maxDifference(edited[3].state, plain[3].state) > 1e-3).toBe(reaches);
      expect(maxDifference(edited[2].sites.get("logits")!, plain[2].sites.get("logits")!)).toBeGreaterThan(1e-3);
    }
  );

  it("adds to what is there, several edits one after the other", async () => {
    const plain = await run([]);
    const edited = await run([
      {op: "add", site: "state", steps: [1, 1], tokens: [2], vector: 1, scale: 0.5},
      {op: "scale", site: "state", step: 1, tokens: [2], factor: 2}
    ]);
    vectorAt(edited[1].state, 0, 2).forEach((x, i) => expect(x).toBeCloseTo(2 * (vectorAt(plain[1].state, 0, 2)[i] + 0.5), 5));
    expect(vectorAt(edited[1].state, 0, 1)).toEqual(vectorAt(plain[1].state, 0, 1));
  });

  it("swaps the injected input from a step on, by tokens or by prompt", async () => {
    const plain = await run([]);
    const edited = await run([{op: "swap_input", from: 3, token_ids: [2, 7, 1, 8, 2]}]);
    const other = (await engine.begin([2, 7, 1, 8, 2])).input;
    expect(edited[2].state).toEqual(plain[2].state);
    expect(edited[3].state).toEqual(await engine.step(plain[2].state, other, batch));
    expect(edited[4].state).toEqual(await engine.step(edited[3].state, other, batch));
    expect((await run([{op: "swap_input", from: 3, prompt: "anything"}]))[4].state).toEqual(edited[4].state);
  });

  it("freezes a token, while the others go on and see it where it was", async () => {
    const [plain, edited] = [await run([]), await run([{op: "freeze", tokens: [1], from: 2}])];
    expect(edited[2].state).toEqual(plain[2].state);
    for (const step of [3, 4]) {
      for (const init of [0, 1]) expect(vectorAt(edited[step].state, init, 1)).toEqual(vectorAt(plain[2].state, init, 1));
    }
    expect(maxDifference(vectorAt(edited[4].state, 0, 4), vectorAt(plain[4].state, 0, 4))).toBeGreaterThan(1e-4);
    expect(maxDifference(vectorAt(edited[4].state, 0, 0), vectorAt(plain[4].state, 0, 0))).toBeLessThan(1e-5);
  });

  it("mixes noise into what a step reads, normalised, the same for the same seed", async () => {
    const noise = {op: "noise", amount: 0.2, type: "geom", seed: 5};
    const [plain, edited] = [await run([]), await run([noise], ["core.state_in"])];
    expect(edited[0].state).toEqual(plain[0].state);
    expect((await run([noise]))[4].state).toEqual(edited[4].state);
    expect(maxDifference((await run([{...noise, seed: 6}]))[4].state, edited[4].state)).toBeGreaterThan(1e-3);
    const weight = await engine.weight("core.1.norm_4");
    for (const step of [1, 4]) {
      const read = vectorAt(edited[step].sites.get("core.state_in")!, 1, 2);
      const meanSquare = read.reduce((sum, x, i) => sum + (x / weight[i]) ** 2, 0) / width;
      expect(meanSquare).toBeCloseTo(1, 3);
    }
  });

  it.each([
    ["a token beyond the sequence", {op: "set", site: "state", tokens: [5], vector: 0}, "invalid edit 0: token 5; expected 0 to 4"],
    ["a step beyond the run", {op: "set", site: "state", step: 5, vector: 0}, "invalid edit 0: step 5; expected 0 to 4"],
    ["a core site at step 0", {op: "set", site: "core.0.out", step: 0, vector: 0}, "invalid edit 0: step 0; expected 1 to 4"],
    ["an init that is not there", {op: "scale", site: "state", inits: [2], factor: 0}, "invalid edit 0: init 2; expected 0 to 1"],
    [
      "a vector of another length",
      {op: "add", site: "logits", vector: [1, 2]},
      "invalid edit 0: vector of 2 numbers; expected 64, the width of logits"
    ],
    [
      "an input of another length",
      {op: "swap_input", from: 1, token_ids: [1]},
      "invalid edit 0: input of 1 tokens; expected 5, as many as the run has"
    ],
    ["a frozen token beyond the sequence", {op: "freeze", tokens: [7], from: 1}, "invalid edit 0: token 7; expected 0 to 4"],
    ["a site that does not exist", {op: "scale", site: "core.9.out", factor: 0}, "unknown site: core.9.out; one of embed"],
    [
      "inits at a site that has none",
      {op: "scale", site: "embed", inits: [0], factor: 0},
      "invalid edit 0: inits 0; expected none: embed is the same for all"
    ]
  ])("refuses %s", async (_, edit, message) => {
    await expect(run([edit])).rejects.toThrow(message);
  });
});
