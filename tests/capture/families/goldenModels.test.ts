import {existsSync} from "node:fs";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {engineKinds} from "../../../capture/engine/choices.ts";
import type {Engine} from "../../../capture/engine/engine.ts";
import {loadEngine} from "../../../capture/engine/loadEngine.ts";
import {ropeTablesOf} from "../../../capture/model/rope.ts";
import {describeErrors, maxDifference, STATE_TOLERANCE} from "../../support/golden.ts";
import {
  filesOf,
  forwardErrors,
  goldenFolders,
  goldenRoot,
  idsIn,
  internalErrors,
  jacobianErrors,
  prefixIn,
  withGolden
} from "../../support/goldenModels.ts";
import {runInChunks} from "../../support/inChunks.ts";

process.env.ORRERY_TFJS = "wasm";

describe.each(engineKinds)("%s", (kind) => {
  describe.each(goldenFolders)("on %s", (folder) => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await loadEngine(join(goldenRoot, folder), {engine: kind});
    });
    afterAll(() => engine.dispose());
    const report = (what: string, errors: Record<string, number>) => {
      console.log(`${kind} ${folder} ${what}: max abs error ${describeErrors(errors)}`);
      expect(Math.max(...Object.values(errors))).toBeLessThan(STATE_TOLERANCE);
    };

    it.each(filesOf(folder, "fwd_"))("reproduces %s", async (name) => {
      const errors = await forwardErrors(engine, folder, name);
      report(name, errors);
      expect(Object.keys(errors)).toEqual(expect.arrayContaining(["states", "logits"]));
    });

    it("reproduces the inside of its blocks", async () => {
      const errors = await internalErrors(engine, folder);
      expect(Object.keys(errors).length).toBeGreaterThan(9);
      const worst = Object.entries(errors).reduce((a, b) => (b[1] > a[1] ? b : a));
      console.log(
        `${kind} ${folder} block_internals: ${Object.keys(errors).length} values, worst ${worst[0]} ${worst[1].toExponential(1)}`
      );
      expect(worst[1]).toBeLessThan(STATE_TOLERANCE);
    });

    it.skipIf(!existsSync(join(goldenRoot, folder, "jacobian.safetensors")))(
      "reproduces the Jacobian of a step by exact products",
      async () => {
        report("jacobian", await jacobianErrors(engine, folder));
      }
    );

    it.each(filesOf(folder, "cache_"))("reproduces %s, a sequence in chunks", async (name) => {
      await withGolden(folder, name, async (file) => {
        const states = ["states", "z_H", "latent_states"].find((tensor) => file.tensors.has(tensor))!;
        const {shape} = file.tensors.get(states)!;
        const run = await runInChunks(engine, {
          ids: await idsIn(file),
          chunks: (await idsIn(file, "chunks")).filter((size) => size > 0),
          steps: states === "latent_states" ? 5 : shape[0] - (states === "z_H" ? 1 : 0),
          initial: file.tensors.has("input_states") ? await file.readFloats("input_states") : undefined,
          prefix: await prefixIn(file)
        });
        const width = engine.model.carriedWidth;
        const firsts = (state: Float32Array) => state.filter((_, i) => i % width < engine.model.width);
        const golden = await file.readFloats(states);
        const kept = states === "latent_states" ? [run.states.at(-1)!] : states === "states" ? run.states.slice(1) : run.states;
        const errors: Record<string, number> = {
          states: Math.max(
            ...kept.map((state, i) =>
              maxDifference(firsts(state), golden.slice((i * golden.length) / kept.length, ((i + 1) * golden.length) / kept.length))
            )
          )
        };
        if (file.tensors.has("logits")) errors.logits = maxDifference(run.logits, await file.readFloats("logits"));
        report(name, errors);
      });
    });

    it.skipIf(!folder.startsWith("retrofit"))("turns queries and keys by the reference's angles", async () => {
      await withGolden(folder, "block_internals.safetensors", async (file) => {
        const json = (await import(join(goldenRoot, folder, "config.json"), {with: {type: "json"}})) as {default: Record<string, unknown>};
        const [, tokens, headWidth] = file.tensors.get("rope_cos")!.shape;
        const scaling = json.default.rope_scaling as Record<string, number> | null;
        const {cos, sin} = ropeTablesOf(
          {
            pairs: "halves",
            base: json.default.rope_theta as number,
            ...(scaling && {
              scaling: {
                factor: scaling.factor,
                lowFactor: scaling.low_freq_factor,
                highFactor: scaling.high_freq_factor,
                original: scaling.original_max_position_embeddings
              }
            })
          },
          {headWidth, positions: Array.from({length: tokens}, (_, i) => i)}
        );
        const half = headWidth / 2;
        const doubled = (table: Float32Array) =>
          Float32Array.from({length: tokens * headWidth}, (_, i) => table[Math.floor(i / headWidth) * half + (i % half)]);
        expect(maxDifference(doubled(cos), await file.readFloats("rope_cos"))).toBeLessThan(1e-6);
        expect(maxDifference(doubled(sin), await file.readFloats("rope_sin"))).toBeLessThan(1e-6);
      });
    });
  });
});
