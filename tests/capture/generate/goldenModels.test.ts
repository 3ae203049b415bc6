import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {exitPolicy, parseExitRule} from "../../../analysis/exit/exitRules.ts";
import type {Engine} from "../../../capture/engine/engine.ts";
import {loadEngine} from "../../../capture/engine/loadEngine.ts";
import {generate} from "../../../capture/generate/generate.ts";
import {GREEDY} from "../../../capture/generate/sampler.ts";
import {openSession} from "../../../capture/generate/session.ts";
import {maxDifference} from "../../support/golden.ts";
import {filesOf, goldenFolders, goldenRoot, idsIn, prefixIn, withGolden} from "../../support/goldenModels.ts";
import {join} from "node:path";

const LOGITS = 1e-3;

describe.each(goldenFolders)("generation of %s against its authors' code", (folder) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await loadEngine(join(goldenRoot, folder));
  });
  afterAll(() => engine?.dispose());

  it.each(filesOf(folder, "gen_greedy"))(
    "%s: every token, at every depth, with and without a two-way prompt or an exit threshold",
    async (name) => {
      await withGolden(folder, name, async (file) => {
        const prompt = await idsIn(file, "prompt");
        const runs = [...file.tensors.keys()].filter((tensor) => tensor.startsWith("tokens_"));
        expect(runs.length).toBeGreaterThan(1);
        for (const run of runs) {
          const how = run.slice("tokens_".length);
          const steps = how.startsWith("r") ? Number(how.slice(1)) : engine.model.trainedSteps;
          const exit = how.startsWith("q") ? exitPolicy(parseExitRule(`gate:${how.slice(1)}`)) : undefined;
          const session = openSession(engine, {prefix: how === "prefix" ? prompt.length : 0});
          const options = {steps, exit, maxNew: 12, sampler: GREEDY, random: () => 0, starts: (_: number, own: Float32Array) => own};
          const ids = [...prompt];
          for await (const {id} of generate(session, prompt, engine.model, options)) ids.push(id);
          expect(ids, run).toEqual(await idsIn(file, run));
        }
      });
    }
  );

  it.each(filesOf(folder, "cache_"))("%s: logits or states of every chunk", async (name) => {
    await withGolden(folder, name, async (file) => {
      const {model} = engine;
      const ids = await idsIn(file);
      const session = openSession(engine, {prefix: await prefixIn(file)});
      const given = file.tensors.has("input_states") ? await file.readFloats("input_states") : undefined;
      const logits = file.tensors.has("logits") ? await file.readFloats("logits") : undefined;
      const states = file.tensors.has("states") ? await file.readFloats("states") : undefined;
      const steps = states ? file.tensors.get("states")!.shape[0] : given ? 5 : model.trainedSteps;
      let at = 0;
      let worst = 0;
      for (const size of await idsIn(file, "chunks")) {
        const from = at;
        await session.extend(
          ids.slice(from, from + size),
          (own) => given?.subarray(from * model.carriedWidth, (from + size) * model.carriedWidth) ?? own
        );
        for (let step = 0; step < steps; ++step) await session.step();
        if (logits)
          worst = Math.max(
            worst,
            maxDifference(await session.head(await session.read()), logits.subarray(from * model.vocab, (from + size) * model.vocab))
          );
        const last = (steps - 1) * ids.length * model.width; // states after each loop, the start left out
        if (states)
          worst = Math.max(
            worst,
            maxDifference(session.state, states.subarray(last + from * model.width, last + (from + size) * model.width))
          );
        at += size;
      }
      console.log(`${folder} ${name}: within ${worst.toExponential(1)}`);
      expect(worst).toBeLessThan(LOGITS);
    });
  });
});
