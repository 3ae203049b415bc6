import {describe, expect, it} from "vitest";
import {scratching} from "../../../../analysis/kernel/memory.ts";
import {gramOf} from "../../../../analysis/patterns/path/gram.ts";
import {modeEnergy} from "../../../../analysis/patterns/modes/modeEnergy.ts";
import {energyAlong, residualOf} from "../../../../analysis/patterns/path/residual.ts";
import {constantOf, modeFunctions, orthonormal, sampled} from "../../../../analysis/patterns/statistics/timeBasis.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {noiseNull} from "../../../support/nulls.ts";

const PARTS = 16;

describe("modeEnergy", () => {
  it.each([8, 9, 10, 11, 64])("gives what lies along a mode's functions of %i states, whichever of rate and angle is held", (n) => {
    const path = gramOf(noiseNull({random: seededRandom(n), steps: n, width: 20}));
    const trend = orthonormal([sampled(n, (t) => t)], constantOf(n));
    for (const nuisance of [[], constantOf(n), [...constantOf(n), ...trend]]) {
      const plain = residualOf(path, nuisance);
      const right = (rate: number, omega: number): number => energyAlong(plain, orthonormal(modeFunctions(n, rate, omega), nuisance));
      const same = (found: number, rate: number, omega: number) => expect(found / right(rate, omega), `${rate} ${omega}`).toBeCloseTo(1, 9);
      const judge = () => {
        const energies = modeEnergy(plain, nuisance);
        for (const rate of [0.3, 0.9, 1.05]) {
          energies.atAngles(rate, PARTS).forEach((found, i) => same(found, rate, (Math.PI * i) / PARTS));
          for (const omega of [0, 0.4, 2.9, Math.PI]) {
            same(energies.atRate(rate)(omega), rate, omega);
            same(energies.atOmega(omega)(rate), rate, omega);
          }
        }
      };
      judge();
      scratching(judge);
    }
  });
  it("gives nothing along what the nuisance has taken up", () => {
    const path = gramOf(noiseNull({random: seededRandom(1), steps: 12, width: 20}));
    const energies = modeEnergy(residualOf(path, constantOf(12)), constantOf(12));
    expect(energies.atRate(1)(0)).toBe(0);
    expect(energies.atOmega(0)(1)).toBe(0);
  });
});
