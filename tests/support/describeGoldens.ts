import {readdirSync} from "node:fs";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {Engine} from "../../capture/engine/engine.ts";
import type {EngineKind} from "../../capture/engine/choices.ts";
import {loadEngine} from "../../capture/engine/loadEngine.ts";
import {
  describeErrors,
  forwardErrors,
  goldenModels,
  hasWholeGolden,
  internalErrors,
  shippedGolden,
  STATE_TOLERANCE,
  wholeGolden
} from "./golden.ts";

const folder = hasWholeGolden ? wholeGolden : shippedGolden;

/** Tests that an engine gives the golden models' numbers, and prints how closely; skipped where the engine `isMissing`. */
export function describeGoldens(kind: EngineKind, {isMissing = false}: {readonly isMissing?: boolean} = {}): void {
  describe.skipIf(isMissing).each(goldenModels)(`${kind} on %s`, (model) => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await loadEngine(join(folder, model), {engine: kind});
    });
    afterAll(() => engine.dispose());

    it.each(readdirSync(join(folder, model)).filter((name) => name.startsWith("fwd_")))(
      "reproduces %s of the authors' code",
      async (name) => {
        const errors = await forwardErrors(engine, join(folder, model, name));
        console.log(`${kind} (${engine.info.name} ${engine.info.version}) ${model} ${name}: max abs error ${describeErrors(errors)}`);
        expect(Math.max(...Object.values(errors))).toBeLessThan(STATE_TOLERANCE);
      }
    );

    it("reproduces the inside of a prelude block and of a core block", async () => {
      const errors = await internalErrors(engine, join(folder, model, "block_internals.safetensors"));
      console.log(`${kind} ${model} block_internals: max abs error ${describeErrors(errors)}`);
      expect(Math.max(...Object.values(errors))).toBeLessThan(STATE_TOLERANCE);
    });
  });
}
