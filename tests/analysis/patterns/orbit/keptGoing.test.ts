import {describe, expect, it} from "vitest";
import {matrixOf} from "../../../../analysis/matrix.ts";
import {classifyPath} from "../../../../analysis/patterns/classifyRun.ts";
import {isKeptGoing, KICKED_P, KICKED_SHARE, skirtOf, type Skirt} from "../../../../analysis/patterns/orbit/keptGoing.ts";
import {gramOf} from "../../../../analysis/patterns/path/gram.ts";
import {residualOf} from "../../../../analysis/patterns/path/residual.ts";
import {constantOf} from "../../../../analysis/patterns/statistics/timeBasis.ts";
import {seededRandom, type Random} from "../../../../analysis/random.ts";
import {gaussianOf} from "../../../support/gaussian.ts";
import {HARD_NULLS} from "../../../support/hardNulls.ts";

const [STEPS, WIDTH, OMEGA] = [32, 24, 1.3];

/** Of what these states leave of a circle that turns by `OMEGA` a step. */
function skirt(make: (random: Random) => (t: number, k: number) => number): Skirt | undefined {
  const at = make(seededRandom(4));
  const data = Float32Array.from({length: STEPS * WIDTH}, (_, i) => at(Math.floor(i / WIDTH), i % WIDTH));
  const nuisance = constantOf(STEPS);
  const plain = residualOf(gramOf(matrixOf(STEPS, WIDTH, data)), nuisance);
  return skirtOf(plain, {omega: OMEGA, turnsToClose: 1, nuisance}, STEPS);
}

const circle = (t: number, k: number, {phase = 0, size = 1} = {}): number =>
  k === 0 ? size * Math.cos(OMEGA * t + phase) : k === 1 ? size * Math.sin(OMEGA * t + phase) : 0;

describe("what lies beside a line's frequency out of its plane", () => {
  it("is as much of noise as lies farther off, whatever the circle does in its own plane", () => {
    const noisy = skirt((random) => {
      const gaussian = gaussianOf(random);
      return (t, k) => circle(t, k) + 0.1 * gaussian();
    });
    const wandering = skirt((random) => {
      const gaussian = gaussianOf(random);
      return (t, k) => circle(t, k, {phase: 0.3 * Math.sin(t / 8), size: 1 - t / 100}) + 0.1 * gaussian();
    });
    for (const one of [noisy, wandering]) {
      expect(one?.ratio).toBeGreaterThan(0.6);
      expect(one?.ratio).toBeLessThan(1.6);
      expect(one?.p).toBeGreaterThan(0.05);
    }
  });

  it("is a resonance's that noise keeps going", () => {
    const kept = skirt((random) => {
      const gaussian = gaussianOf(random);
      const kept = 0.96;
      const state = Array.from({length: WIDTH}, () => [gaussian(), gaussian()]);
      let now = -1;
      return (t, k) => {
        if (t !== now) {
          now = t;
          for (const z of state) [z[0], z[1]] = [2 * kept * Math.cos(OMEGA) * z[0] - kept ** 2 * z[1] + gaussian(), z[0]];
        }
        return state[k][0] / 10;
      };
    });
    expect(kept?.share).toBeGreaterThan(KICKED_SHARE);
    expect(kept?.ratio).toBeGreaterThan(2);
    expect(kept?.p).toBeLessThan(KICKED_P);
    expect(kept?.few).toBe(false);
  });

  it("lies in few directions where the circle's plane turns", () => {
    const turning = skirt(() => (t, k) => {
      const tilt = (0.7 * t) / STEPS;
      return k === 0 ? Math.cos(OMEGA * t) : Math.sin(OMEGA * t) * (k === 1 ? Math.cos(tilt) : k === 2 ? Math.sin(tilt) : 0);
    });
    expect(turning?.p).toBeLessThan(KICKED_P);
    expect(turning?.few).toBe(true);
  });

  it("speaks against an orbit where it is a part of the line that noise alike at all frequencies hardly has", () => {
    const [share, p] = [KICKED_SHARE, KICKED_P];
    const kept: Skirt = {share, ratio: 4, p, few: false};
    expect(isKeptGoing(kept)).toBe(true);
    expect(isKeptGoing({...kept, share: share * 0.99})).toBe(false);
    expect(isKeptGoing({...kept, p: p * 1.01})).toBe(false);
    expect(isKeptGoing({...kept, few: true})).toBe(false);
  });
});

it.each([6, 245, 311, 405, 409, 827, 1885, 3599])("noise of a long memory that turns, draw %d, is no orbit", (draw) => {
  const verdict = classifyPath(
    HARD_NULLS["noise of long memory that calms down"].make({random: seededRandom(11 * 1000003 + draw), steps: 32, width: 64})
  );
  expect(verdict.pattern).toBe("unsettled");
  expect(JSON.stringify(verdict.evidence.orbit?.against)).toContain("noise keeps it going");
});
