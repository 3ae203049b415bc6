import {readdirSync} from "node:fs";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {engineKinds, loadEngine, type Engine} from "../../capture/engine.ts";
import {describeErrors, forwardErrors, goldenModels, hasWholeGolden, internalErrors, shippedGolden, STATE_TOLERANCE, wholeGolden} from "../support/golden.ts";

if (!hasWholeGolden) console.log(`golden: the shipped files only; the whole set is not at ${wholeGolden}`);
const folder = hasWholeGolden ? wholeGolden : shippedGolden;

describe.each(engineKinds.flatMap((kind) => goldenModels.map((model) => ({kind, model}))))("$kind on $model", ({kind, model}) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await loadEngine(join(folder, model), {engine: kind});
  });
  afterAll(() => engine.dispose());

  it.each(readdirSync(join(folder, model)).filter((name) => name.startsWith("fwd_")))("reproduces %s of the authors' code", async (name) => {
    const errors = await forwardErrors(engine, join(folder, model, name));
    console.log(`${kind} (${engine.info.name} ${engine.info.version}) ${model} ${name}: max abs error ${describeErrors(errors)}`);
    expect(Math.max(...Object.values(errors))).toBeLessThan(STATE_TOLERANCE);
  });

  it("reproduces the inside of a prelude block and of a core block", async () => {
    const errors = await internalErrors(engine, join(folder, model, "block_internals.safetensors"));
    console.log(`${kind} ${model} block_internals: max abs error ${describeErrors(errors)}`);
    expect(Math.max(...Object.values(errors))).toBeLessThan(STATE_TOLERANCE);
  });
});
