import {join} from "node:path";
import {describe, expect, it, onTestFinished} from "vitest";
import {exitDistribution, exitStepAt} from "../../../analysis/exit/exitDistribution.ts";
import {engineKinds} from "../../../capture/engine/choices.ts";
import {loadEngine} from "../../../capture/engine/loadEngine.ts";
import {weightedLogits} from "../../../capture/loop/weightedReadout.ts";
import {maxDifference, recorded} from "../../support/golden.ts";
import {filesOf, goldenFolders, goldenRoot, idsIn, withGolden} from "../../support/goldenModels.ts";

const files = goldenFolders
  .filter((name) => name.startsWith("ouro"))
  .flatMap((folder) => filesOf(folder, "fwd_").map((file) => [folder, file] as const));

describe.each(engineKinds)("Ouro's gate on %s", (kind) => {
  it.each(files)("gives the exits and the weighted readout of %s %s", async (folder, name) => {
    const engine = await loadEngine(join(goldenRoot, folder), {engine: kind});
    onTestFinished(() => engine.dispose());
    await withGolden(folder, name, async (file) => {
      const [loops, , tokens] = file.tensors.get("exit_pdf")!.shape;
      expect(engine.model.trainedSteps).toBe(loops);
      const ids = await idsIn(file);
      const batch = {inits: 1, tokens};
      let state = (await engine.begin(ids)).start;
      const states: Float32Array[] = [];
      const gates: Float32Array[] = [];
      for (let step = 1; step <= loops; ++step) {
        const made = await recorded(["gate"], (taps) => engine.step(state, new Float32Array(0), {...batch, step, taps}));
        state = made.result;
        states.push(state);
        gates.push(made.sites.get("gate")!);
      }
      const exits = ids.map((_, token) => exitDistribution(gates.map((gate) => gate[token])));
      const stepMajor = (part: "pdf" | "cdf") =>
        Float32Array.from({length: loops * tokens}, (_, i) => exits[i % tokens][part][Math.floor(i / tokens)]);
      const errors = {
        pdf: maxDifference(stepMajor("pdf"), await file.readFloats("exit_pdf")),
        cdf: maxDifference(stepMajor("cdf"), await file.readFloats("exit_cdf")),
        weighted: maxDifference(
          await weightedLogits(
            engine,
            states.map((one, t) => ({step: t + 1, states: one, weights: exits.map(({pdf}) => pdf[t])})),
            {tokens}
          ),
          await file.readFloats("logits_weighted")
        )
      };
      console.log(`${kind} ${folder} ${name}: exits ${JSON.stringify(errors)}`);
      expect(Math.max(...Object.values(errors))).toBeLessThan(1e-4);
      for (const q of ["0.3", "0.5", "0.9", "1.0"])
        expect(exits.map((exit) => exitStepAt(exit, Number(q)) - 1)).toEqual(await idsIn(file, `exit_step_q${q}`)); // from 0 there
    });
  });
});

describe("exitDistribution", () => {
  it("gives what is left to the last step, whose own gate is not used", () => {
    const {pdf, cdf} = exitDistribution([0.5, 0.5, 0.9]);
    expect([...pdf]).toEqual([0.5, 0.25, 0.25]);
    expect([...cdf]).toEqual([0.5, 0.75, 1]);
    expect(exitDistribution([0.3]).pdf).toEqual(Float32Array.of(1));
  });

  it("keeps sums apart that bfloat16 would round to one", () => {
    const exits = exitDistribution([0.9, 0.99, 0.5, 0.5]);
    expect(exits.cdf[1]).toBeLessThan(1);
    expect(exitStepAt(exits, 1)).toBe(4);
  });

  it("leaves at the first step that reaches q, and at the last where none does", () => {
    const exits = exitDistribution([0.25, 0.5, 0.1]);
    expect([0, 0.25, 0.3, 1].map((q) => exitStepAt(exits, q))).toEqual([1, 1, 2, 3]);
    expect(() => exitStepAt(exits, 1.5)).toThrow("invalid q: 1.5; expected 0 to 1");
    expect(() => exitDistribution([])).toThrow("no gates");
  });
});
