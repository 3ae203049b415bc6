import {describe, expect, it} from "vitest";
import {ARGMAX_STABILITY} from "../../../analysis/exit/readoutRules.ts";
import {LATENT_DIFFERENCE} from "../../../analysis/exit/stateRules.ts";
import type {ExitRule} from "../../../analysis/exit/exitRule.ts";
import {exitTally, sweptThresholds} from "../../../analysis/exit/whatIf.ts";

/** A state that halves its distance to (1, 0) at each step. */
const halving = {
  *moments() {
    for (let step = 0; step <= 8; ++step) yield {step, width: 2, state: Float32Array.of(1, 2 ** -step)};
  },
  klFinal: [8, 4, 2, 1, 0.5, 0.25, 0.125, 0.06, 0],
  top: [3, 3, 5, 5, 5, 5, 5, 5, 5]
};

const leftBy = (rule: ExitRule, threshold = rule.threshold) => exitTally({...rule, threshold}).add(halving);

describe("exitTally", () => {
  it("finds the step, whether the answer was there, and how far it was from the end", () => {
    expect(leftBy(LATENT_DIFFERENCE)).toEqual({step: 6, same: true, kl: 0.125}); // 2^-6 < 0.03 ≤ 2^-5
    expect(leftBy(LATENT_DIFFERENCE, 0.6)).toEqual({step: 1, same: false, kl: 4});
  });
  it("one that never leaves is the full run", () => {
    expect(leftBy(LATENT_DIFFERENCE, 1e-9)).toEqual({step: undefined, same: true, kl: 0});
  });
  it("trades at each threshold what the rule would have done there, in the mean over those taken", () => {
    const still = {...halving, klFinal: Array<number>(9).fill(1), top: Array<number>(9).fill(7)};
    const tally = exitTally(LATENT_DIFFERENCE);
    tally.add(halving);
    tally.add(still);
    for (const {threshold, saved, kl, same} of tally.trades()) {
      const one = leftBy(LATENT_DIFFERENCE, threshold);
      const leaves = one.step !== undefined && one.step < 8;
      expect({saved, kl, same}).toEqual({
        saved: 1 - (one.step ?? 8) / 8,
        kl: (one.kl + Number(leaves)) / 2,
        same: (Number(one.same) + 1) / 2
      });
    }
  });
  it("sweeps two decades about a threshold, and counts where a rule counts", () => {
    expect(sweptThresholds(LATENT_DIFFERENCE)).toHaveLength(9);
    expect(sweptThresholds(LATENT_DIFFERENCE)).toContain(0.03);
    expect(sweptThresholds(ARGMAX_STABILITY)).toContain(5);
  });
});
