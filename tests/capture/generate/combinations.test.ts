import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {EXIT_RULES, exitPolicy, parseExitRule} from "../../../analysis/exit/exitRules.ts";
import {freezeStrategies} from "../../../capture/bounds.ts";
import type {Engine} from "../../../capture/engine/engine.ts";
import {loadEngine} from "../../../capture/engine/loadEngine.ts";
import {generation} from "../../../capture/generate/generation.ts";
import {generateSpecSchema} from "../../../capture/generate/generateSpec.ts";
import {shippedGolden} from "../../support/golden.ts";
import {goldenFolders, goldenRoot} from "../../support/goldenModels.ts";

const huginn = join(shippedGolden, "a_d32_h4_p2c4k2");
const CONTEXT = 128; // the model's block_size
const STRATEGIES = ["full", "skip", "latest-m4", "always-last-m4", "latest-m4-compress-s4", "compress-r2", "compress-anchor"];

function use(folder: string) {
  let engine: Engine;
  beforeAll(async () => {
    engine = await loadEngine(folder);
  });
  afterAll(() => engine?.dispose());
  return async (order: object) => {
    const spec = generateSpecSchema.parse({model: folder, token_ids: [11, 5, 73, 40, 8], max_new: 4, steps: 12, ...order});
    const exit = spec.exit === undefined ? undefined : exitPolicy(parseExitRule(spec.exit));
    const {seconds: _seconds, ...result} = await generation(spec, {engine: async () => engine, exit});
    return result;
  };
}

const idsOf = ({tokens}: {readonly tokens: readonly {readonly id: number}[]}): number[] => tokens.map(({id}) => id);

describe("ways of generating together", () => {
  const made = use(huginn);
  const rules = EXIT_RULES.filter(({reads}) => reads !== "gate").map(({name}) => name);

  it.each(rules)("%s with every cache, start and prefill gives its tokens, the same ones again", async (exit) => {
    for (const kv of STRATEGIES)
      for (const warm_start of ["none", "normed", "raw"])
        for (const prefill of ["together", "each"]) {
          const order = {exit, kv, warm_start, prefill, sample: true, seed: 7};
          const once = await made(order);
          expect(once.tokens, JSON.stringify(order)).toHaveLength(4);
          if (kv === "latest-m4") expect(await made(order)).toEqual(once);
        }
  });
  it.each([...STRATEGIES, "compress-s48"])(
    "speculation with %s is plain decoding with it, or refused where steps share slots",
    async (kv) => {
      const drafted = made({kv, speculate: {draft_steps: 3, lookahead: 3}});
      if (/compress-(?!s48)/.test(kv))
        await expect(drafted).rejects.toThrow(`invalid kv: ${kv}; with speculate, expected one in which no slot`);
      else expect(idsOf(await drafted)).toEqual(idsOf(await made({kv})));
    }
  );
  it("speculation goes to the very end of the model's context, as plain decoding does", async () => {
    const order = {token_ids: Array.from({length: CONTEXT - 5}, (_, i) => i % 50), max_new: 6, steps: 2};
    expect(idsOf(await made({...order, speculate: {draft_steps: 1, lookahead: 64}}))).toEqual(idsOf(await made(order)));
  });
  it("refuses a folder that holds something before the model is loaded", async () => {
    const keep = import.meta.dirname;
    await expect(made({keep})).rejects.toThrow(`invalid run folder: ${keep} is not empty; expected a new or an empty one`);
  });
  it.each(freezeStrategies)(
    "a wavefront that freezes by %s goes with every cache, start and sampling, the same one again",
    async (freeze_strategy) => {
      for (const kv of STRATEGIES)
        for (const warm_start of ["none", "raw"]) {
          const order = {
            kv,
            warm_start,
            diffuse: {freeze_strategy, headway: 2, max_wavefront: 9, exit_t: 0.2, max_diffusion_steps: 30},
            sample: true,
            seed: 5
          };
          const once = await made(order);
          expect(["length", "iterations"]).toContain(once.stopped);
          if (kv === "latest-m4-compress-s4") expect(await made(order)).toEqual(once);
        }
    }
  );
  it("a rule by a gate that the model has not is refused by name, before anything is computed", async () => {
    await expect(made({exit: "gate"})).rejects.toThrow("invalid exit: gate; huginn has no exit gate");
  });
});

describe.each(goldenFolders)("ways of generating with %s", (name) => {
  const made = use(join(goldenRoot, name));
  it.each(["full", "latest-m4", "compress-anchor"])("speculation with %s is plain decoding, token for token", async (kv) => {
    for (const [draft_steps, lookahead] of [
      [1, 3],
      [2, 8]
    ]) {
      const order = {kv, steps: 8, max_new: 10};
      expect(idsOf(await made({...order, speculate: {draft_steps, lookahead}}))).toEqual(idsOf(await made(order)));
    }
  });
  it("diffusion is for loops that read their input at every step", async () => {
    const wave = made({diffuse: {}, steps: 8});
    if (name.startsWith("retrofit")) expect((await wave).tokens).toHaveLength(4);
    else await expect(wave).rejects.toThrow(/^no diffusion for (ouro|hrm-text): its loop reads its input once/);
  });
});
