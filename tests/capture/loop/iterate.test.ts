import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {engineKinds} from "../../../capture/engine/choices.ts";
import type {Engine} from "../../../capture/engine/engine.ts";
import {loadEngine} from "../../../capture/engine/loadEngine.ts";
import {initialStates} from "../../../capture/loop/initialState.ts";
import {siteNamed, siteNames} from "../../../capture/model/site.ts";
import {maxDifference, shippedGolden} from "../../support/golden.ts";
import {momentsOf} from "../../support/runs.ts";

const ids = [3, 1, 4, 1, 5];
const batch = {inits: 2, tokens: ids.length};

describe.each(engineKinds)("iterate on %s", (kind) => {
  let engine: Engine;
  let initial: Float32Array;
  beforeAll(async () => {
    engine = await loadEngine(join(shippedGolden, "b_d48_h3_p1c2k1"), {engine: kind});
    initial = initialStates(engine.model, {...batch, seed: 1});
  });
  afterAll(() => engine.dispose());
  const run = (options: {sites?: readonly string[]; steps?: number; signal?: AbortSignal}) =>
    momentsOf(engine, {ids, initial, inits: 2, steps: 3, ...options});

  it("gives the initial state as step 0, and then what the engine's steps give", async () => {
    const moments = await run({});
    expect(moments.map(({step}) => step)).toEqual([0, 1, 2, 3]);
    expect(moments[0].state).toEqual(initial);
    const input = (await engine.begin(ids)).input;
    for (const step of [1, 2, 3]) expect(moments[step].state).toEqual(await engine.step(moments[step - 1].state, input, batch));
  });

  it("records every site in one go, each in its size, without changing the states by a bit", async () => {
    const names = siteNames(engine.model);
    const [plain, full] = [await run({}), await run({sites: names})];
    full.forEach(({state}, step) => expect(state).toEqual(plain[step].state));
    const {sites: before} = full[0];
    const {sites: during} = full[2];
    for (const name of names.filter((site) => site !== "state")) {
      const isPrelude = name === "embed" || name === "input" || name.startsWith("prelude.");
      expect((isPrelude ? before : during).get(name)?.length, name).toBe(
        (isPrelude ? 1 : 2) * ids.length * siteNamed(engine.model, name).width
      );
    }
    expect(during.get("core.1.out")).toEqual(full[2].state);
    expect(before.get("prelude.0.out")).toEqual((await engine.begin(ids)).input);
    expect(during.get("logits")).toEqual(await engine.head(await engine.decode(full[2].state, batch)));
  });

  it("records the inside of a block without changing the states by a bit", async () => {
    const plain = await run({});
    for (const names of [
      ["core.0.qkv"],
      ["core.1.mlp_fc"],
      engine.model.sites.filter(({block}) => block === "core.0").map(({name}) => name)
    ]) {
      (await run({sites: names})).forEach(({state}, step) => expect(state, names.join()).toEqual(plain[step].state));
    }
  });

  it("gives each init what it gives alone", async () => {
    const both = await run({});
    const size = initial.length / 2;
    for (const init of [0, 1]) {
      const alone = await momentsOf(engine, {ids, initial: initial.slice(init * size, (init + 1) * size), inits: 1, steps: 3});
      alone.forEach(({state}, step) =>
        expect(maxDifference(state, both[step].state.slice(init * size, (init + 1) * size))).toBeLessThan(1e-5)
      );
    }
  });

  it("names the sites that exist when one does not", async () => {
    await expect(run({sites: ["core.2.out"]})).rejects.toThrow(
      "unknown site: core.2.out; one of embed, prelude.0.out, input, state, core.0.attn_out, core.0.mlp_out, core.0.out, core.1.attn_out, core.1.mlp_out, core.1.out, state_normed, coda.0.out, logits;"
    );
    await expect(run({sites: ["core.01.norm_1"]})).rejects.toThrow("unknown site: core.01.norm_1");
  });

  it("stops between two steps when it is told to", async () => {
    await expect(run({signal: AbortSignal.abort(new Error("cancelled"))})).rejects.toThrow("cancelled");
  });

  it("refuses initial states of another size, and prompts that the model cannot take", async () => {
    await expect(momentsOf(engine, {ids, initial, inits: 3, steps: 1})).rejects.toThrow(
      "invalid initial state: 480 numbers; expected 3 × 5 × 48"
    );
    await expect(momentsOf(engine, {ids: [64], initial: new Float32Array(48), inits: 1, steps: 1})).rejects.toThrow(
      "invalid token id: 64; expected 0 to 63"
    );
    await expect(momentsOf(engine, {ids: [], initial: new Float32Array(0), inits: 1, steps: 1})).rejects.toThrow("empty prompt");
    await expect(
      momentsOf(engine, {ids: new Array<number>(97).fill(0), initial: new Float32Array(97 * 48), inits: 1, steps: 1})
    ).rejects.toThrow("prompt too long: 97 tokens; the model takes at most 96");
  });
});
