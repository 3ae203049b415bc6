import {cp, open} from "node:fs/promises";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from "vitest";
import type {Engine} from "../../../capture/engine/engine.ts";
import {loadEngine} from "../../../capture/engine/loadEngine.ts";
import {startCaptureService} from "../../../capture/service/captureService.ts";
import {runSpectrum} from "../../../capture/spectrum/runSpectrum.ts";
import {spectrumSpecSchema} from "../../../capture/spectrum/spectrumSchema.ts";
import {openTrace, readTrace} from "../../../capture/trace/reader.ts";
import {writeTraceJson} from "../../../capture/trace/writer.ts";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";
import {copiedModel, editConfig, shippedModel} from "../../support/shippedModel.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const specOf = (order: object = {}) => spectrumSpecSchema.parse({dir: exampleRun, model: shippedModel, tokens: [2, 6], count: 4, ...order});

describe("runSpectrum", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await loadEngine(shippedModel);
  });
  afterAll(() => engine.dispose());

  it("runSpectrum finds the shipped model contracting where its run settles, with small residuals", async () => {
    const {tokens, sequence, step} = await runSpectrum(specOf(), {engine: async () => engine});
    expect(step).toBe(64);
    expect(tokens.map(({index, text, init}) => [index, text, init])).toEqual([
      [2, "8", 0],
      [6, "=", 0]
    ]);
    for (const {eigenvalues, residuals} of [...tokens, sequence]) {
      const moduli = eigenvalues.map(([re, im]) => Math.hypot(re, im));
      expect(moduli).toHaveLength(4);
      expect(moduli).toEqual([...moduli].sort((a, b) => b - a));
      expect(moduli[0]).toBeLessThan(1);
      expect(Math.max(...residuals)).toBeLessThan(1e-3);
    }
  });

  it("runSpectrum refuses tokens and inits that the run does not have, and a model that did not make it", async () => {
    const ask = (order: object) => runSpectrum(specOf(order), {engine: async () => engine});
    await expect(ask({tokens: [21]})).rejects.toThrow("invalid token: 21; expected 0 to 20");
    await expect(ask({init: 4})).rejects.toThrow("invalid init: 4; expected 0 to 3");
    const model = await copiedModel();
    await editConfig(model, {mean_recurrence: 9});
    await expect(ask({model})).rejects.toThrow(
      /^invalid model: damaged \([0-9a-f]{12}\); the run was made by tiny-arithmetic \([0-9a-f]{12}\)$/
    );
  });

  it("runSpectrum says at once that a state has overflowed", async () => {
    const dir = join(await temporaryFolder(), "run");
    await cp(exampleRun, dir, {recursive: true});
    const reader = await openTrace(dir);
    const {shape} = {shape: reader.extentOf("state")};
    await reader.close();
    const file = await open(join(dir, "states.safetensors"), "r+");
    const {size} = await file.stat();
    await file.write(new Uint8Array([0, 0, 0x80, 0x7f]), 0, 4, size - 4); // the last number of the last step: Infinity
    await file.close();
    await expect(runSpectrum(specOf({dir, init: 3}), {engine: async () => engine})).rejects.toThrow(
      `invalid run: the state at step ${shape.lastStep} of init 3 is not finite (it overflowed); spectra are of finite states`
    );
    expect((await runSpectrum(specOf({dir}), {engine: async () => engine})).tokens).toHaveLength(2);
  });

  it("runSpectrum gives Lyapunov exponents where they are asked for: a run that settles contracts along its path", async () => {
    const {lyapunov} = await runSpectrum(specOf({lyapunov: true}), {engine: async () => engine});
    expect(lyapunov).toHaveLength(4);
    expect(lyapunov).toEqual([...lyapunov!].sort((a, b) => b - a));
    expect(lyapunov![0]).toBeLessThan(0);
    expect(await runSpectrum(specOf(), {engine: async () => engine})).not.toHaveProperty("lyapunov");
    const dir = join(await temporaryFolder(), "run");
    await cp(exampleRun, dir, {recursive: true});
    await writeTraceJson(dir, {...(await readTrace(dir)), edits: [{op: "scale", site: "state", factor: 1}]});
    await expect(runSpectrum(specOf({dir, lyapunov: true}), {engine: async () => engine})).rejects.toThrow(
      "invalid run: 1 edits; Lyapunov exponents are of runs without"
    );
  });

  it("runSpectrum takes the last state of a partial run", async () => {
    const dir = join(await temporaryFolder(), "run");
    await cp(exampleRun, dir, {recursive: true});
    await writeTraceJson(dir, {...(await readTrace(dir)), status: "partial", stopped: "killed", steps_written: 5});
    expect(await runSpectrum(specOf({dir, tokens: [2]}), {engine: async () => engine})).toMatchObject({step: 5});
  });

  it("the capture service answers the same, and goes on after a refusal", async () => {
    const service = startCaptureService();
    onTestFinished(() => service.close());
    await expect(service.spectrum(specOf({tokens: [21]}))).rejects.toThrow("invalid token: 21; expected 0 to 20");
    expect(await service.spectrum(specOf())).toEqual(await runSpectrum(specOf(), {engine: async () => engine}));
  });
});
