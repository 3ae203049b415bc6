import {ALTERNATES, NO_PHASE_SEEN} from "../../../../analysis/patterns/orbit/judgedLine.ts";
import {describe, expect, it} from "vitest";
import {matrixOf} from "../../../../analysis/matrix.ts";
import {classifyPath} from "../../../../analysis/patterns/classifyRun.ts";
import {toBfloat16} from "../../../../analysis/patterns/path/rounding.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {gaussianOf} from "../../../support/gaussian.ts";
import {circle, planar, shape, withNoise} from "../../../support/planarPaths.ts";
import {contractionPath, orbitPath} from "../../../support/trajectories.ts";

/** Circles of radius 0.1 and period 6, whose centre moves on by so many radii over 64 states. */
const helix = (radii: number): ReturnType<typeof circle> =>
  withNoise(
    planar(64, 64, (t) => [(0.1 * radii * t) / 63 + 0.1 * Math.cos((Math.PI * t) / 3), 0.1 * Math.sin((Math.PI * t) / 3)]),
    0.01,
    3
  );

describe("classifyPath sees orbits", () => {
  it("whose centre moves by its radius while they are watched", () => {
    expect(classifyPath(helix(1))).toMatchObject({pattern: "orbit", period: expect.closeTo(6, 1)});
  });
  it("of a dozen points, each anywhere: the last of their overtones alternates, however little the period is off", () => {
    for (let seed = 1; seed <= 12; ++seed) {
      const gaussian = gaussianOf(seededRandom(seed));
      const points = Array.from({length: 12}, () => Float64Array.from({length: 64}, () => 0.25 * gaussian()));
      const data = Float32Array.from(
        {length: 97 * 64},
        (_, at) => points[Math.floor(at / 64) % 12][at % 64] + 0.025 * gaussian() + (at % 64 === 0 ? 8 : 0)
      );
      const {pattern, period} = classifyPath(matrixOf(97, 64, data));
      expect(pattern).toBe("orbit");
      expect(period).toBeCloseTo(12, 1);
    }
  });
  it.each([2, 2.5, 3, 4, 5.3, 7, 8])("of period %d on a circle, without noise", (period) => {
    const verdict = classifyPath(circle(32, period, 0.1, 0.8));
    expect(verdict.pattern).toBe("orbit");
    expect(verdict.period! / period).toBeCloseTo(1, 2);
  });
  it.each([0.001, 0.03, 0.3])("of period 2 and relative amplitude %d after a transient, in exact repetition", (amplitude) => {
    const verdict = classifyPath(planar(48, 96, (t) => [amplitude * (t % 2 === 0 ? 1 : -1), 0.7 ** t]));
    expect(verdict).toMatchObject({pattern: "orbit", period: 2});
    expect(verdict.amplitude! / (amplitude / Math.hypot(1, amplitude))).toBeCloseTo(1, 1);
  });
  it.each([0.8, 0.86, 0.93])("of period 3, under a flip that dies away by %d a step, which is no longer period", (rate) => {
    const path = planar(64, 32, (t) => [Math.cos((2 * Math.PI * t) / 3), Math.sin((2 * Math.PI * t) / 3) + 0.05 * (-rate) ** t]);
    expect(classifyPath(path)).toMatchObject({pattern: "orbit", period: expect.closeTo(3, 2)});
  });
  it("of period 6, where the flip stays", () => {
    const path = planar(64, 32, (t) => [Math.cos((2 * Math.PI * t) / 3), Math.sin((2 * Math.PI * t) / 3) + 0.05 * (-1) ** t]);
    expect(classifyPath(path)).toMatchObject({pattern: "orbit", period: expect.closeTo(6, 2)});
  });
  it.each([64, 96, 128])(
    "of period 5, exact, whose second line is the louder one and spills over its neighbours, over %d steps",
    (steps) => {
      const turn = (k: number, t: number): number => (2 * Math.PI * k * t) / 5;
      const path = planar(steps, 32, (t) => [
        Math.cos(turn(2, t)) + 0.5 * Math.cos(turn(1, t)),
        Math.sin(turn(2, t)) - 0.6 * Math.sin(turn(1, t))
      ]);
      expect(classifyPath(path)).toMatchObject({pattern: "orbit", period: expect.closeTo(5, 2)});
    }
  );
  it.each([4, 8])(
    "of period %d of a map that doubles it, to a thousandth: what its other lines do is no noise of the one that is fitted",
    (period) => {
      const a = period === 4 ? 3.5 : 3.55;
      const cycle = [0.5];
      for (let t = 0; t < 1000; ++t) cycle.push(a * cycle[t] * (1 - cycle[t]));
      for (const seed of [1, 2, 3]) {
        const path = planar(64, 48, (t) => [cycle[900 + seed + t], cycle[900 + seed + t] ** 2]);
        const {pattern, period: found} = classifyPath(withNoise(path, 0.005, seed));
        expect(pattern).toBe("orbit");
        expect(Math.abs(found! / period - 1)).toBeLessThan(1e-3);
      }
    }
  );
  it("of five points that lie on no ellipse", () => {
    const points = [
      [0.1, 0],
      [0.02, 0.1],
      [-0.1, 0.05],
      [-0.05, -0.1],
      [0.08, -0.02]
    ] as const;
    const verdict = classifyPath(planar(40, 32, (t) => [...points[t % 5]]));
    expect(verdict.pattern).toBe("orbit");
    expect(verdict.period).toBeCloseTo(5, 1);
  });
  it.each([2.343, 2.208, 2.618])("of period %d with an overtone that folds beside a subharmonic", (period) => {
    const angle = (t: number): number => (2 * Math.PI * t) / period;
    const gaussian = gaussianOf(seededRandom(44));
    const path = planar(64, 64, (t) => [0.1 * Math.cos(angle(t)) + 0.02 * Math.cos(2 * angle(t)), 0.1 * Math.sin(angle(t))]);
    const verdict = classifyPath(
      matrixOf(
        64,
        64,
        path.data.map((x) => x + 0.002 * gaussian())
      )
    );
    expect(verdict.pattern).toBe("orbit");
    expect(verdict.period! / period).toBeCloseTo(1, 2);
  });
  it("in a path of 16 states without the initial state", () => {
    expect(classifyPath(circle(16, 4, 0.1))).toMatchObject({pattern: "orbit"});
  });
  it("in noise, on and off the sphere, and says the period", () => {
    for (const onSphere of [true, false]) {
      const {path, truth} = orbitPath(shape(11, {onSphere, amplitude: 5}), {period: 6.4});
      const verdict = classifyPath(path);
      expect(verdict.pattern).toBe("orbit");
      expect(Math.abs(verdict.period! / truth.period - 1)).toBeLessThan(0.02);
      expect(verdict.periodCi![0]).toBeLessThan(verdict.periodCi![1]);
    }
  });
  it("in three turns, with an interval that holds its period", () => {
    const {period, periodCi} = classifyPath(withNoise(circle(32, 10, 0.1), 0.01, 1));
    expect([periodCi![0] < period!, period! < periodCi![1]]).toEqual([true, true]);
    expect([periodCi![0] < 10, 10 < periodCi![1], periodCi![1] - periodCi![0] < 0.5]).toEqual([true, true, true]);
  });
  it.each([
    {what: "in few states", path: circle(16, 4, 0.1), why: NO_PHASE_SEEN},
    {what: "of a flip", path: planar(48, 96, (t) => [0.1 * (-1) ** t, 0.7 ** t]), why: ALTERNATES}
  ])("$what without an interval, and says why", ({path, why}) => {
    const {pattern, periodCi, evidence} = classifyPath(path);
    expect([pattern, periodCi, evidence.orbit!.noInterval]).toEqual(["orbit", undefined, why]);
  });
  it.each([
    {kicks: 0, least: 0.9, widest: 0.0006, ofNoiseAlone: 0.0003},
    {kicks: 0.03, least: 0.9, widest: 0.03},
    {kicks: 0.1, least: 0.9, widest: 0.1}
  ])("with an interval that holds its period where the phase is kicked by $kicks rad a step", ({kicks, least, widest, ofNoiseAlone}) => {
    const [n, steps] = [60, 96];
    const gaussian = gaussianOf(seededRandom(45));
    let [holds, shown, width, narrow] = [0, 0, 0, 0];
    for (let i = 0; i < n; ++i) {
      const period = 4.3 + (6 * i) / n;
      let phase = i;
      const path = planar(steps, 48, () => {
        phase += (2 * Math.PI) / period + kicks * gaussian();
        return [0.15 * Math.cos(phase), 0.15 * Math.sin(phase)];
      });
      const {pattern, periodCi, evidence} = classifyPath(withNoise(path, 0.01, i));
      if (pattern !== "orbit" || !periodCi) continue;
      const {steadyCi} = evidence.orbit!;
      narrow += (steadyCi![1] - steadyCi![0]) / period;
      ++shown;
      if (periodCi[0] <= period && period <= periodCi[1]) ++holds;
      width += (periodCi[1] - periodCi[0]) / period;
    }
    expect(shown).toBeGreaterThan(0.9 * n);
    expect(holds / shown).toBeGreaterThanOrEqual(least);
    expect(width / shown).toBeLessThan(widest);
    if (ofNoiseAlone !== undefined) expect(narrow / shown).toBeLessThan(ofNoiseAlone);
  });
});

describe("classifyPath does not see orbits", () => {
  it("in a spiral that decays, however slowly: it converges", () => {
    for (const rate of [0.8, 0.97, 0.99]) {
      const verdict = classifyPath(planar(128, 48, (t) => [0.2 * rate ** t * Math.cos(1.1 * t), 0.2 * rate ** t * Math.sin(1.1 * t)]));
      expect(verdict).toMatchObject({pattern: "converging", spiral: true});
      expect(verdict.rate).toBeCloseTo(rate, 2);
      expect(verdict.spiralPeriod).toBeCloseTo((2 * Math.PI) / 1.1, 1);
    }
  });
  it("in a flip whose amplitude falls by a hundredth a step: it converges", () => {
    const verdict = classifyPath(planar(128, 48, (t) => [0.05 * (-0.99) ** t, 0]));
    expect(verdict).toMatchObject({pattern: "converging", spiral: true});
    expect(verdict.rate).toBeCloseTo(0.99, 3);
  });
  it("in a slowly falling flip after a quicker one, of which the end still has much: it converges", () => {
    const verdict = classifyPath(planar(128, 96, (t) => [0.2 * (-0.981) ** t, 0.6 * (-0.93) ** t]));
    expect(verdict).toMatchObject({pattern: "converging", spiral: true, spiralPeriod: 2});
    expect(verdict.rate).toBeCloseTo(0.981, 3);
  });
  it("in a flip that has lost a third of its amplitude, in noise", () => {
    for (let i = 0; i < 30; ++i)
      expect(classifyPath(contractionPath(shape(700 + i, {amplitude: 2}), {kind: "alternating", rate: 0.987}).path).pattern).not.toBe(
        "orbit"
      );
  });
  it("in the zig-zag of rounding by one unit in the last place", () => {
    const still = toBfloat16(planar(40, 64, () => [0, 0]).data);
    const zigzag = still.map((x, at) => (Math.floor(at / 64) % 2 === 0 ? x : x * (1 + 2 ** -8)));
    expect(classifyPath(matrixOf(40, 64, toBfloat16(zigzag))).pattern).toBe("unsettled");
  });
  it("in a flip of two rounding floors that may be rounding’s own, which is no approach either", () => {
    for (let seed = 1; seed <= 40; ++seed) {
      const {path} = orbitPath({...shape(seed, {steps: 48, amplitude: 2}), rounded: true}, {period: 2});
      expect(["orbit", "unsettled"]).toContain(classifyPath(matrixOf(48, 64, toBfloat16(path.data)), {precision: "bfloat16"}).pattern);
    }
  });
  it.each([3, 4.3, 6])("in a stair of one step up every %d states: what is left beside its trend recurs, and no state does", (every) => {
    const {pattern, evidence} = classifyPath(
      withNoise(
        planar(64, 64, (t) => [0.05 * Math.floor(t / every), 0]),
        0.01,
        3
      )
    );
    expect(pattern).not.toBe("orbit");
    expect(evidence.orbit!.against.join()).toContain("its centre moves on");
  });
  it("in a helix that advances by ten radii", () => {
    expect(classifyPath(helix(10)).pattern).not.toBe("orbit");
  });
  it("in two turns only", () => {
    expect(classifyPath(circle(32, 15, 0.1)).pattern).not.toBe("orbit");
  });
});
