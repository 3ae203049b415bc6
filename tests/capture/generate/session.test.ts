import {join} from "node:path";
import {describe, expect, it, onTestFinished} from "vitest";
import type {ComputeDtype} from "../../../capture/engine/choices.ts";
import {loadEngine} from "../../../capture/engine/loadEngine.ts";
import {openSession} from "../../../capture/generate/session.ts";
import {shapes, writeRandomCheckpoint} from "../../../fixtures/randomCheckpoint.ts";
import {maxDifference, shippedGolden} from "../../support/golden.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const golden = join(shippedGolden, "a_d32_h4_p2c4k2");
const PROMPT = [11, 5, 73, 40, 8, 90, 33];

async function engineOf(folder: string, options: {readonly dtype?: ComputeDtype} = {}) {
  const engine = await loadEngine(folder, {...options, cacheFolder: join(await temporaryFolder(), "cache")});
  onTestFinished(() => engine.dispose());
  return engine;
}

/** A prompt and three tokens to different depths, and then one token whose steps are taken as `stride` has it. */
async function afterSteps(engine: Awaited<ReturnType<typeof engineOf>>, strategy: string, stride: number) {
  const session = openSession(engine, {strategy});
  const to = async (ids: readonly number[], steps: number) => {
    await session.extend(ids);
    while (session.steps < steps) await session.step(Math.min(stride, steps - session.steps));
    return session.read();
  };
  await to(PROMPT, 6);
  for (const [id, steps] of [
    [3, 2],
    [50, 9],
    [17, 4]
  ])
    await to([id], steps);
  const rows = await to([60, 61], 12);
  return {state: session.state.slice(), bytes: session.bytes, logits: await session.head(rows), steps: session.coreSteps};
}

describe("a session that takes several steps in one go", () => {
  it.each([
    "full",
    "skip",
    "latest-m4",
    "always-last-m4",
    "latest-m4-compress-s4",
    "latest-m4-compress-s16",
    "compress-r2",
    "latest-m4-compress-anchor"
  ])("is where single steps lead, with %s and positions of several depths", async (strategy) => {
    const engine = await engineOf(golden);
    const [single, several] = [await afterSteps(engine, strategy, 1), await afterSteps(engine, strategy, 5)];
    expect(several.steps).toBe(single.steps);
    expect(several.bytes).toBe(single.bytes);
    expect(maxDifference(several.state, single.state)).toBeLessThan(1e-6);
    expect(maxDifference(several.logits, single.logits)).toBeLessThan(1e-5);
  });
  it("is where an engine leads that knows single steps only", async () => {
    const engine = await engineOf(golden);
    const [plain, several] = [await afterSteps({...engine, several: undefined}, "latest-m4", 5), await afterSteps(engine, "latest-m4", 5)];
    expect(several.bytes).toBe(plain.bytes);
    expect(maxDifference(several.state, plain.state)).toBeLessThan(1e-4);
  });
  // Random weights carry a rounding on, and 8 bits round more: another matrix in a wrong place would be off by one.
  it.each([["bf16", undefined, 5e-3] as const, ["f16", undefined, 5e-3] as const, ["f32", "int8", 0.1] as const])(
    "reads weights that are stored in %s and computed in %s",
    async (dtype, compute, near) => {
      const folder = join(await temporaryFolder(), "model");
      await writeRandomCheckpoint(folder, {config: {...shapes.w128, vocab_size: 96}, seed: 1, dtype});
      const engine = await engineOf(folder, compute ? {dtype: compute} : {});
      const [plain, several] = [await afterSteps({...engine, several: undefined}, "full", 1), await afterSteps(engine, "full", 12)];
      expect(maxDifference(several.state, plain.state)).toBeLessThan(near);
    }
  );
});
