import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {loadEngine} from "../../../capture/engine/loadEngine.ts";
import {generation} from "../../../capture/generate/generation.ts";
import {generateSpecSchema} from "../../../capture/generate/generateSpec.ts";
import {capture} from "../../../capture/job/capture.ts";
import {captureSpecSchema} from "../../../capture/job/captureSpec.ts";
import {readTrace} from "../../../capture/trace/reader.ts";
import {maxDifference, shippedGolden} from "../../support/golden.ts";
import {goldenFolders, goldenRoot} from "../../support/goldenModels.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";
import {tensorsIn} from "../../support/tensorsIn.ts";

const folders = [join(shippedGolden, "a_d32_h4_p2c4k2"), ...goldenFolders.map((name) => join(goldenRoot, name))];
const PROMPT = [11, 5, 73, 40];
const STEPS = 4;

describe.each(folders)("a generation that is kept, of %s", (folder) => {
  it("is a run with the numbers of a capture of the whole text, the log-probability of what came included", async () => {
    const dir = join(await temporaryFolder(), "run");
    const whole = join(await temporaryFolder(), "whole");
    const engine = await loadEngine(folder);
    try {
      const spec = generateSpecSchema.parse({model: folder, token_ids: PROMPT, max_new: 4, steps: STEPS, keep: dir, seed: 3});
      const {tokens} = await generation(spec, {engine: async () => engine});
      const trace = await readTrace(dir);
      expect(trace).toMatchObject({status: "complete", steps: STEPS, generated: {from: 4, steps: new Array(7).fill(STEPS), kv: "full"}});
      const ids = trace.tokens.map(({id}) => id);
      expect(ids).toEqual([...PROMPT, ...tokens.slice(0, -1).map(({id}) => id)]);

      const {prefix} = trace; // a prompt that sees itself in both directions; what came after it does not
      const order = captureSpecSchema.parse({model: folder, dir: whole, token_ids: ids, steps: STEPS, inits: 1, seed: 3, prefix});
      await capture(order, {engine: async () => engine});
      const [mine, theirs] = [await tensorsIn(join(dir, "readout.safetensors")), await tensorsIn(join(whole, "readout.safetensors"))];
      // A lens with attention reads a position among the last states of those before it, which a capture has at the last step only.
      const last = STEPS * ids.length;
      for (const name of ["entropy", "target_logprob"])
        for (let i = last; i < last + ids.length - 1; ++i) expect(mine[name][i], name).toBeCloseTo(theirs[name][i], 3);
      expect(mine.target_logprob.at(-1)).toBeCloseTo(tokens.at(-1)!.logprob!, 4);
      if (engine.model.exitGate !== undefined)
        expect(maxDifference(mine.gate.subarray(ids.length), theirs.gate.subarray(ids.length))).toBeLessThan(1e-4);
      expect(mine.target_logprob.every(Number.isFinite)).toBe(true);
      const [states, captured] = [await tensorsIn(join(dir, "states.safetensors")), await tensorsIn(join(whole, "states.safetensors"))];
      expect(maxDifference(states.state, captured.state)).toBeLessThan(1e-3);
    } finally {
      await engine.dispose();
    }
  });
});
