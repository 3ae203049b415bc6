import {describe, expect, it} from "vitest";
import {matrixOf} from "../../../../analysis/matrix.ts";
import {classifyPath} from "../../../../analysis/patterns/classifyRun.ts";
import {comesRound, parting} from "../../../../analysis/patterns/orbit/determinism.ts";
import type {Products} from "../../../../analysis/patterns/path/residual.ts";
import {toBfloat16} from "../../../../analysis/patterns/path/rounding.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {gaussianOf} from "../../../support/gaussian.ts";
import {HARD_NULLS} from "../../../support/hardNulls.ts";
import {JUMP_NULLS} from "../../../support/jumpNulls.ts";
import {planar, withNoise} from "../../../support/planarPaths.ts";

/** Products of places in the plane. */
function productsOf(size: number, place: (t: number) => readonly [number, number]): Products {
  const places = Array.from({length: size}, (_, t) => place(t));
  return {
    size,
    values: Float64Array.from({length: size * size}, (_, i) => {
      const [[a, b], [c, d]] = [places[Math.floor(i / size)], places[i % size]];
      return a * c + b * d;
    })
  };
}

describe("parting", () => {
  it.each([2, 3, 5, 8, 12])("is 0 of a circle of a whole period, %d, which comes back to the same places", (period) => {
    const turn = (t: number): number => (2 * Math.PI * t) / period;
    expect(
      parting(
        productsOf(48, (t) => [Math.cos(turn(t)), Math.sin(turn(t))]),
        period
      )
    ).toBeCloseTo(0, 9);
  });
  it.each([2.4, 5.3, 8.7])("is small along a line, too, which is passed both ways, of period %f", (period) => {
    expect(
      parting(
        productsOf(64, (t) => [Math.cos((2 * Math.PI * t) / period + 0.3), 0]),
        period
      )
    ).toBeLessThan(0.15);
  });
  it("is about 1 of independent places, whatever the period", () => {
    const gaussian = gaussianOf(seededRandom(5));
    const places = Array.from({length: 200}, () => [gaussian(), gaussian()] as const);
    for (const period of [3, 7.5, 20])
      expect(
        parting(
          productsOf(200, (t) => places[t]),
          period
        )
      ).toBeCloseTo(1, 0);
  });
  it("is 0 of a window that does not move, or is too short to go on in", () => {
    expect(
      parting(
        productsOf(20, () => [1, 2]),
        4
      )
    ).toBe(0);
    expect(
      parting(
        productsOf(5, (t) => [t % 2, 0]),
        2
      )
    ).toBe(0);
  });
});

describe("an orbit's next state follows from where it is", () => {
  it.each([
    [32, 31000407],
    [32, 31018181],
    [32, 31056403]
  ])("jumps to and fro, over %d states, that made a line by chance (seed %d) are none", (steps, seed) => {
    const {pattern, evidence} = classifyPath(HARD_NULLS["telegraph noise"].make({random: seededRandom(seed), steps, width: 64}));
    expect(pattern).toBe("unsettled");
    expect(evidence.orbit!.against).toEqual([
      expect.stringMatching(/^what was near parts by 0\.\d\d of a chance pair’s distance as it goes on; 0\.2 at most$/)
    ]);
    expect(evidence.orbit!.p).toBeLessThan(1e-3);
  });
  it.each([33004404, 33011710, 33012267, 33014349])("nor over 64, rounded to bfloat16 (seed %d)", (seed) => {
    const path = HARD_NULLS["telegraph noise"].make({random: seededRandom(seed), steps: 64, width: 64});
    expect(classifyPath(matrixOf(path.rows, path.cols, toBfloat16(path.data))).pattern).toBe("unsettled");
  });
  it.each([0, 0.05, 0.3])("an oscillation along a line, or nearly one (%f as broad as long), is one in noise of half its size", (thin) => {
    for (const period of [2.6, 5.3, 8.7]) {
      const turn = (t: number): number => (2 * Math.PI * t) / period + 0.3;
      const path = withNoise(
        planar(64, 64, (t) => [0.1 * Math.cos(turn(t)), 0.1 * thin * Math.sin(turn(t))]),
        0.05,
        3
      );
      expect(classifyPath(path)).toMatchObject({pattern: "orbit", period: expect.closeTo(period, 0)});
    }
  });
});

describe("a slider", () => {
  it("that has come round by nine tenths of a turn is none: it may as well recur", () => {
    const turned = (share: number) =>
      classifyPath(
        matrixOf(
          64,
          8,
          Float32Array.from({length: 64 * 8}, (_, i) => {
            const angle = (2 * Math.PI * share * Math.floor(i / 8)) / 63;
            return i % 8 === 0 ? Math.cos(angle) : i % 8 === 1 ? Math.sin(angle) : 0;
          })
        )
      );
    expect(turned(0.8).pattern).toBe("slider");
    const {pattern, evidence} = turned(0.95);
    expect(pattern).toBe("unsettled");
    expect(evidence.slider!.against.at(-1)).toMatch(/^comes round again after /);
  });
  it.each([3000346, 3002373])("of the phases of a slider, uneven as they are, is none (seed %d)", (seed) => {
    expect(classifyPath(JUMP_NULLS["phases of a slider"].make({random: seededRandom(seed), steps: 64, width: 64})).pattern).not.toBe(
      "slider"
    );
  });
});

describe("levels that are held for some steps", () => {
  const held = (level: (t: number) => number, noise: number): Products => {
    const gaussian = gaussianOf(seededRandom(7));
    return productsOf(48, (t) => [level(t) - 0.5 + noise * gaussian(), noise * gaussian()]);
  };
  const square = (half: number) => (t: number) => Math.floor(t / half) % 2;

  it("come round after a whole period, to what their noise adds, and after no other", () => {
    const round = comesRound(held(square(6), 0.05), 12)!;
    expect(round).toBeGreaterThan(0.005);
    expect(round).toBeLessThan(0.04); // twice the noise’s 2 · 0.05² of 2 · (0.25 + 2 · 0.05²) is 0.02
    expect(comesRound(held(square(6), 0.05), 9)).toBeGreaterThan(0.5);
  });
  it("are not asked for periods that are no whole number of steps, or seen for less than three turns", () => {
    expect(comesRound(held(square(6), 0.05), 12.2)).toBeUndefined();
    expect(comesRound(held(square(12), 0.05), 24)).toBeUndefined();
  });
  it.each([3, 4, 6])("are an orbit where each is held for %d steps", (half) => {
    const {pattern, period} = classifyPath(
      withNoise(
        planar(49, 48, (t) => [square(half)(t), 0]),
        0.02,
        9
      )
    );
    expect(pattern).toBe("orbit");
    expect(period).toBeCloseTo(2 * half, 1);
  });
  it("are none where each is held for as long as it happens", () => {
    const {make} = HARD_NULLS["telegraph noise"];
    const labels = [1, 2, 3, 4, 5].map((seed) => classifyPath(make({random: seededRandom(seed), steps: 64, width: 48})).pattern);
    expect(labels).not.toContain("orbit");
  });
});
