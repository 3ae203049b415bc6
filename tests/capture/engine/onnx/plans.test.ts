import {join} from "node:path";
import {describe, expect, it, onTestFinished} from "vitest";
import {loadCheckpoint} from "../../../../capture/families/loadCheckpoint.ts";
import {lowerSegment} from "../../../../capture/engine/onnx/lowerSegment.ts";
import {openSession} from "../../../../capture/engine/onnx/openSession.ts";
import {plansOf} from "../../../../capture/engine/onnx/plans.ts";
import {weightSourceOf} from "../../../../capture/engine/onnx/weightSource.ts";
import {noTaps} from "../../../../capture/model/site.ts";
import {shippedGolden} from "../../../support/golden.ts";

/** Plans of a golden model, and how many sessions are open. */
async function plansAndCount(isLarge: boolean) {
  const checkpoint = await loadCheckpoint(join(shippedGolden, "b_d48_h3_p1c2k1"));
  const quiet = {cacheFolder: "", log: () => {}};
  const source = await weightSourceOf(checkpoint, {dtype: "f32", ...quiet});
  let open = 0;
  const plans = plansOf(checkpoint.model, {
    isLarge,
    open: async (traced, segment) => {
      const session = await openSession(await lowerSegment(traced, segment, source), {
        device: "cpu",
        threads: 1,
        files: new Map(),
        ...quiet
      });
      const release = session.release.bind(session);
      session.release = async () => {
        --open;
        await release();
      };
      ++open;
      return session;
    }
  });
  onTestFinished(async () => {
    await plans.dispose();
    await checkpoint.close();
    expect(open).toBe(0);
  });
  return {plans, open: () => open};
}

const recording = (...records: readonly string[]) => ({...noTaps, records});
const changing = (...changes: readonly string[]) => ({...noTaps, changes});

describe("plansOf", () => {
  it("of a large model keeps one plan of the same weights: the core step, or its derivative", async () => {
    const {plans, open} = await plansAndCount(true);
    await plans.planFor("step", noTaps);
    await plans.planFor("lens coda", noTaps);
    expect(open()).toBe(2);
    await plans.planFor("step jvp", noTaps);
    expect(open()).toBe(2);
    await plans.planFor("step", changing("core.0.attn_out")); // two sessions: before the site, and after it
    expect(open()).toBe(3);
  });

  it("of a small model keeps those that were used last", async () => {
    const {plans, open} = await plansAndCount(false);
    const first = await plans.planFor("step", noTaps);
    await plans.planFor("step jvp", noTaps);
    expect(await plans.planFor("step", noTaps)).toBe(first);
    for (const part of ["norm_1", "q", "k", "attn_ctx", "norm_2", "norm_3", "mlp_fc", "mlp_out"])
      await plans.planFor("step", changing(`core.0.${part}`));
    expect(open()).toBe(1 + 8 * 2);
    expect(await plans.planFor("step", noTaps)).not.toBe(first);
  });

  it("serves whoever records less with the plan of who records more", async () => {
    const {plans, open} = await plansAndCount(false);
    await plans.planFor("step", recording("core.0.out"));
    const both = await plans.planFor("step", recording("core.1.attn_out"));
    expect(both.records).toEqual(["core.0.out", "core.1.attn_out"]);
    expect(await plans.planFor("step", noTaps)).toBe(both);
    expect(open()).toBe(1);
  });
});
