import {describe, expect, it} from "vitest";
import {classifyPath} from "../../../../analysis/patterns/classifyRun.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {ENDLESS_NULLS} from "../../../support/endlessNulls.ts";
import {HARD_POSITIVES} from "../../../support/hardPositives.ts";
import {planar, withNoise} from "../../../support/planarPaths.ts";

const WAYS: readonly (readonly [name: string, way: (t: number) => number])[] = [
  ["t^0.2", (t) => t ** 0.2],
  ["√t", Math.sqrt],
  ["t^0.8", (t) => t ** 0.8],
  ["ln t", Math.log1p],
  ["ln ln t", (t) => Math.log(Math.log(t + Math.E))]
];
const NOISES = [0.003, 0.02, 0.1]; // of a coordinate, beside a way of 0.4 × 8

describe("a way that slows down without an end is not converging", () => {
  it.each(WAYS)("%s", (_, way) => {
    for (const steps of [32, 64])
      for (const noise of NOISES) {
        const {pattern} = classifyPath(
          withNoise(
            planar(steps, 64, (t) => [(0.4 * way(t)) / way(steps - 1), 0]),
            noise,
            9
          )
        );
        expect(pattern).not.toBe("converging");
      }
  });
  it("and says so", () => {
    const {pattern, p, evidence} = classifyPath(
      withNoise(
        planar(64, 64, (t) => [0.1 * Math.sqrt(t), 0]),
        0.02,
        9
      )
    );
    expect({pattern, p}).toEqual({pattern: "unsettled", p: 1});
    expect(evidence.converging.against.join()).toContain("without an end");
  });
  it.each(Object.keys(ENDLESS_NULLS).filter((name) => name.startsWith("way") || name.startsWith("arc") || name.startsWith("several")))(
    "%s, as the benchmark draws it",
    (name) => {
      const random = seededRandom(3);
      for (let i = 0; i < 12; ++i)
        expect(classifyPath(ENDLESS_NULLS[name].make({random, steps: 32, width: 64})).pattern).not.toBe("converging");
    }
  );
  it("nor where a decay along the same line makes it look like one mode", () => {
    for (const kept of [0.4, 0.55, 0.7]) {
      const way = (t: number): number => 0.3 * Math.sqrt(t / 31) + 0.4 * (1 - kept ** t);
      const path = withNoise(
        planar(32, 64, (t) => [way(t), 0]),
        0.04,
        6
      );
      expect(classifyPath(path).pattern).not.toBe("converging");
    }
  });
  it("nor, but for one in thirty, where the best mode has half of it behind, and 62 % lie ahead", () => {
    let few = 0;
    for (let seed = 1; seed <= 60; ++seed) {
      const path = withNoise(
        planar(32, 64, (t) => [1 - 50 / (50 + t), 0]),
        0.01,
        seed
      );
      few += Number(classifyPath(path).pattern === "converging");
    }
    expect(few).toBeLessThanOrEqual(2); // 10 where only ways without an end are held against it
  });
  it("nor where a decay hides its beginning", () => {
    const path = planar(64, 64, (t) => [0.3 * Math.sqrt(t / 63), 0.3 * 0.6 ** t]);
    expect(classifyPath(withNoise(path, 0.01, 4)).pattern).not.toBe("converging");
  });
});

describe("the p-value of an approach says how surely it has an end", () => {
  const decay = (rate: number, seed: number) =>
    classifyPath(
      withNoise(
        planar(32, 64, (t) => [0.4 * rate ** t, 0]),
        0.08,
        seed
      )
    );
  it("of a slow one it is that of its end, above that of its mode", () => {
    for (let seed = 1; seed <= 5; ++seed) {
      const {p, evidence} = decay(0.9, seed);
      expect(p).toBeGreaterThan(30 * evidence.converging.p);
    }
  });
  it("of a quick one it is that of its mode, after the labels tried", () => {
    for (let seed = 1; seed <= 5; ++seed) {
      const {p, evidence} = decay(0.7, seed);
      expect(p).toBeCloseTo(3 * evidence.converging.p, 12);
    }
  });
});

describe("an approach with an end", () => {
  it.each([32, 64, 128])("is converging where chaos came before it, in %d states", (steps) => {
    const random = seededRandom(5);
    for (let i = 0; i < 4; ++i) {
      const {path, truth} = HARD_POSITIVES["chaos, then settling"].make({random, steps, width: 64});
      const {pattern, rate} = classifyPath(path);
      expect(pattern).toBe("converging");
      expect(rate).toBeCloseTo(truth.rate!, 2);
    }
  });
  it.each([0.6, 0.8, 0.9])("is converging at rate %d, five times its noise away", (rate) => {
    for (let seed = 1; seed <= 5; ++seed) {
      const path = withNoise(
        planar(64, 64, (t) => [0.4 * rate ** t, 0]),
        0.08,
        seed
      );
      expect(classifyPath(path).pattern).toBe("converging");
    }
  });
  it("is converging in modes of several rates, whose sum falls like a power of time", () => {
    const path = planar(64, 64, (t) => [0.3 * 0.5 ** t + 0.15 * 0.75 ** t + 0.1 * 0.88 ** t, 0.2 * 0.7 ** t]);
    expect(classifyPath(withNoise(path, 0.005, 2)).pattern).toBe("converging");
  });
  it("claims nothing where four fifths of it are behind and its noise hides whether it will end", () => {
    const path = withNoise(
      planar(32, 64, (t) => [0.4 * 0.95 ** t, 0]),
      0.08,
      1
    );
    expect(classifyPath(path).evidence.converging.against.join()).toContain("without an end");
  });
});
