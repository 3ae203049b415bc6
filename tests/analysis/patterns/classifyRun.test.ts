import {describe, expect, it} from "vitest";
import {matrixOf, rowOf, type Matrix} from "../../../analysis/matrix.ts";
import {classifyPath, classifyRun} from "../../../analysis/patterns/classifyRun.ts";
import {toBfloat16} from "../../../analysis/patterns/rounding.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {statesOf, type States} from "../../../analysis/states.ts";
import {frameOf, gaussianOf} from "../../support/gaussian.ts";
import {centredNoiseNull, covarianceMatched, noiseNull, phaseRandomised, walkNull} from "../../support/nulls.ts";
import {contractionPath, manyModePath, orbitPath, sliderPath, type Shape} from "../../support/trajectories.ts";

const shape = (seed: number, {steps = 32, width = 64, amplitude = 20, onSphere = true}: Partial<Shape> = {}): Shape => ({
  random: seededRandom(seed),
  steps,
  width,
  amplitude,
  onSphere
});

/** States centre + x(t) u + y(t) v in a random plane, no noise but float32's. */
function planar(steps: number, width: number, at: (t: number) => [number, number]): Matrix {
  const [centre, u, v] = frameOf(gaussianOf(seededRandom(5)), width, 3);
  const data = new Float32Array(steps * width);
  for (let t = 0; t < steps; ++t) {
    const [x, y] = at(t);
    for (let k = 0; k < width; ++k) data[t * width + k] = 8 * (centre[k] + x * u[k] + y * v[k]);
  }
  return matrixOf(steps, width, data);
}

const circle = (steps: number, period: number, radius: number, transient = 0): Matrix =>
  planar(steps, 48, (t) => [
    radius * Math.cos((2 * Math.PI * t) / period) + transient * 0.5 ** t,
    radius * Math.sin((2 * Math.PI * t) / period)
  ]);

const runOf = (paths: readonly Matrix[]): States => {
  const [{rows: steps, cols: width}] = paths;
  const data = new Float32Array(steps * paths.length * width);
  for (let step = 0; step < steps; ++step)
    paths.forEach((path, token) => data.set(rowOf(path, step), (step * paths.length + token) * width));
  return statesOf({steps, inits: 1, tokens: paths.length, width}, data);
};

describe("classifyPath sees orbits", () => {
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
});

describe("classifyPath does not see orbits", () => {
  it("in a spiral that decays, however slowly: it converges", () => {
    for (const rate of [0.8, 0.97, 0.99]) {
      const verdict = classifyPath(planar(64, 48, (t) => [0.2 * rate ** t * Math.cos(1.1 * t), 0.2 * rate ** t * Math.sin(1.1 * t)]));
      expect(verdict).toMatchObject({pattern: "converging", spiral: true});
      expect(verdict.rate).toBeCloseTo(rate, 2);
      expect(verdict.spiralPeriod).toBeCloseTo((2 * Math.PI) / 1.1, 1);
    }
  });
  it("in a flip whose amplitude falls by a hundredth a step: it converges", () => {
    const verdict = classifyPath(planar(64, 48, (t) => [0.05 * (-0.99) ** t, 0]));
    expect(verdict).toMatchObject({pattern: "converging", spiral: true});
    expect(verdict.rate).toBeCloseTo(0.99, 3);
  });
  it("in a slowly falling flip after a quicker one, of which the end still has much: it converges", () => {
    const verdict = classifyPath(planar(128, 96, (t) => [0.2 * (-0.981) ** t, 0.6 * (-0.93) ** t]));
    expect(verdict).toMatchObject({pattern: "converging", spiral: true, spiralPeriod: 2});
    expect(verdict.rate).toBeCloseTo(0.981, 3);
  });
  it("in a flip that has lost a third of its amplitude, in noise", () => {
    for (let i = 0; i < 60; ++i)
      expect(classifyPath(contractionPath(shape(700 + i, {amplitude: 2}), {kind: "alternating", rate: 0.987}).path).pattern).not.toBe(
        "orbit"
      );
  });
  it("in the zig-zag of rounding by one unit in the last place", () => {
    const still = toBfloat16(planar(40, 64, () => [0, 0]).data);
    const zigzag = still.map((x, at) => (Math.floor(at / 64) % 2 === 0 ? x : x * (1 + 2 ** -8)));
    expect(classifyPath(matrixOf(40, 64, toBfloat16(zigzag))).pattern).toBe("converging");
  });
  it("in two turns only", () => {
    expect(classifyPath(circle(32, 15, 0.1)).pattern).not.toBe("orbit");
  });
});

describe("classifyPath tells drift from slow decay", () => {
  it.each([0.002, 0.02, 0.08])("a great circle at %d radians a step is a slider of that speed", (speed) => {
    const verdict = classifyPath(greatCircle(40, 64, speed));
    expect(verdict.pattern).toBe("slider");
    expect(verdict.driftSpeed! / speed).toBeCloseTo(1, 2);
  });
  it("a slider in noise after a transient keeps its speed to 5 %", () => {
    const {path, truth} = sliderPath(shape(4, {amplitude: 5}));
    const verdict = classifyPath(path);
    expect(verdict.pattern).toBe("slider");
    expect(Math.abs(verdict.driftSpeed! / truth.driftSpeed - 1)).toBeLessThan(0.05);
  });
  it.each([0.5, 0.9, 0.97, 0.99])("a contraction of rate %d converges at that rate", (rate) => {
    const verdict = classifyPath(planar(48, 64, (t) => [0.3 * rate ** t, 0]));
    expect(verdict.pattern).toBe("converging");
    expect(verdict.rate).toBeCloseTo(rate, 2);
    expect(verdict.spiral).toBe(false);
  });
  it("a contraction of rate 0.99 converges without noise, however long its way, on the sphere and off it", () => {
    for (let i = 0; i < 20; ++i) {
      const {pattern, rate} = classifyPath(
        contractionPath(shape(400 + i, {amplitude: Infinity, onSphere: i % 2 === 0}), {rate: 0.99}).path
      );
      expect(pattern).toBe("converging");
      expect(Math.abs(rate! - 0.99)).toBeLessThan(0.01);
    }
  });
  it("a contraction whose directions all turn differently converges, and its settling step is when it comes to stay", () => {
    const {path} = manyModePath(shape(9, {steps: 64, width: 512, amplitude: 100}), {rate: 0.8});
    const verdict = classifyPath(path);
    expect(verdict.pattern).toBe("converging");
    expect(Math.abs(verdict.rate! - 0.8)).toBeLessThan(0.01);
    // 100 · 0.8ᵗ falls below three times the noise at t = ln(√8/100)/ln 0.8 ≈ 16 (distances add in squares)
    expect(Math.abs(verdict.settledStep! - 16)).toBeLessThanOrEqual(1);
  });
  it("the rate's interval holds the truth", () => {
    const {path, truth} = contractionPath(shape(3, {steps: 64, amplitude: 50}), {rate: 0.9});
    const {rateCi} = classifyPath(path);
    expect(rateCi![0]).toBeLessThan(truth.rate);
    expect(rateCi![1]).toBeGreaterThan(truth.rate);
  });
});

describe("classifyPath does not see rest", () => {
  it("in a drift whose speed rises and falls", () => {
    const verdict = classifyPath(planar(64, 64, (t) => [0.6 * (t / 64) + 0.012 * Math.sin((2.2 * Math.PI * t) / 64), 0]));
    expect(verdict.pattern).not.toBe("converging");
  });
  it("in a great circle after a transient", () => {
    for (let i = 0; i < 40; ++i) expect(classifyPath(sliderPath(shape(900 + i, {amplitude: 3})).path).pattern).not.toBe("converging");
  });
  it("in stationary noise that favours a frequency", () => {
    for (let seed = 0; seed < 40; ++seed) {
      const gaussian = gaussianOf(seededRandom(500 + seed));
      const noise = (): Float64Array => Float64Array.from({length: 64}, gaussian);
      let [before, now] = [noise(), noise()];
      const data = new Float32Array(64 * 64);
      for (let t = -50; t < 64; ++t) {
        const fresh = noise();
        [before, now] = [now, now.map((x, k) => 2 * 0.75 * Math.cos(1.8) * x - 0.75 ** 2 * before[k] + fresh[k])];
        if (t >= 0)
          data.set(
            now.map((x, k) => 0.1 * x + (k === 0 ? 8 : 0)),
            t * 64
          );
      }
      expect(classifyPath(matrixOf(64, 64, data)).pattern).toBe("unsettled");
    }
  });
  it.each([2.01, 2.0247, 2.05])("in an orbit of period %d, which beats like a falling flip while it is watched", (period) => {
    for (const thin of [0.3, 0.6, 1]) {
      const verdict = classifyPath(
        planar(32, 64, (t) => [0.2 * Math.cos((2 * Math.PI * t) / period), 0.2 * thin * Math.sin((2 * Math.PI * t) / period)])
      );
      expect(verdict.pattern).not.toBe("converging");
    }
  });
  it("in an orbit that a larger transient ends in", () => {
    for (let i = 0; i < 60; ++i)
      expect(classifyPath(orbitPath(shape(800 + i, {steps: 64, amplitude: 5})).path).pattern).not.toBe("converging");
  });
});

describe("classifyPath tells rest from jitter", () => {
  it("a state that jitters about a centre from the first step on has not been seen to converge, in bfloat16 neither", () => {
    const random = seededRandom(31);
    const labels = Array.from({length: 40}, () => {
      const {rows, cols, data} = centredNoiseNull({random, steps: 32, width: 64});
      return classifyPath(matrixOf(rows, cols, toBfloat16(data))).pattern;
    });
    // noise of 0.001 to 1 of the norm, log-uniform; below two rounding floors (some 0.0035) nothing tells it from rest
    expect(labels.filter((label) => label === "converging").length).toBeLessThanOrEqual(14);
    expect(labels.filter((label) => label === "orbit" || label === "slider")).toEqual([]);
  });
  it("rounding alone is rest", () => {
    const {rows, cols, data} = planar(32, 64, () => [0, 0]);
    const random = seededRandom(32);
    const nudged = data.map((x) => x * (1 + (random() - 0.5) * 2 ** -9));
    expect(classifyPath(matrixOf(rows, cols, toBfloat16(nudged)))).toMatchObject({pattern: "converging", settledStep: 0});
  });
});

describe("the drift speed", () => {
  it.each([90, 70, 45])("of a straight line at %d degrees to the radius is the angle that a step makes at the origin", (degrees) => {
    const steps = 48;
    const slant = (degrees * Math.PI) / 180;
    const place = (t: number): [number, number] => [1 + (t / steps) * Math.cos(slant), (t / steps) * Math.sin(slant)]; // along the first direction and across it
    const [along, across] = frameOf(gaussianOf(seededRandom(6)), 64, 2);
    const data = Float32Array.from({length: steps * 64}, (_, at) =>
      place(Math.floor(at / 64)).reduce((sum, x, i) => sum + 8 * x * [along, across][i][at % 64], 0)
    );
    const {
      pattern,
      driftSpeed,
      window: [from, to]
    } = classifyPath(matrixOf(steps, 64, data));
    const angle = (t: number): number => Math.atan2(place(t)[1], place(t)[0]);
    expect(pattern).toBe("slider");
    expect(driftSpeed! / ((angle(to) - angle(from)) / (to - from))).toBeCloseTo(1, 4);
  });
});

describe("the rate of several modes", () => {
  it.each([0.7, 0.8, 0.9, 0.96])("is the leading one's, %d, once the others have died away", (rate) => {
    for (const noise of [1e-5, 1e-4, 1e-3]) {
      const gaussian = gaussianOf(seededRandom(41));
      const path = planar(64, 64, (t) => [0.3 * rate ** t, 0.2 * (0.7 * rate) ** t]);
      const verdict = classifyPath(
        matrixOf(
          64,
          64,
          path.data.map((x) => x + noise * gaussian())
        )
      );
      expect(verdict).toMatchObject({pattern: "converging", spiral: false});
      expect(Math.abs(verdict.rate! - rate)).toBeLessThan(noise < 1e-3 ? 0.005 : 0.02);
    }
  });
});

describe("a loop that is kicked at every step", () => {
  it.each([0.7, 0.85])("converges at its rate of %d, though it never lies still", (rate) => {
    const gaussian = gaussianOf(seededRandom(43));
    const [centre, u] = frameOf(gaussian, 64, 2);
    let away = Float64Array.from(u, (x) => 0.5 * x);
    const data = new Float32Array(64 * 64);
    for (let t = 0; t < 64; ++t) {
      data.set(
        away.map((x, k) => 8 * (centre[k] + x)),
        t * 64
      );
      away = away.map((x) => rate * x + 1e-4 * gaussian());
    }
    const verdict = classifyPath(matrixOf(64, 64, data));
    expect(verdict.pattern).toBe("converging");
    expect(Math.abs(verdict.rate! - rate)).toBeLessThan(0.02);
  });
});

describe("the rate of a single mode", () => {
  it("is not bent by the sphere: nine in ten of long ways are known to 0.005, and none is called a spiral", () => {
    const n = 60;
    const errors: number[] = [];
    for (let i = 0; i < n; ++i) {
      const {path, truth} = contractionPath(shape(2000 + i, {amplitude: 100}), {rate: 0.6 + (0.35 * i) / n});
      const verdict = classifyPath(path);
      expect(verdict).toMatchObject({pattern: "converging", spiral: false});
      errors.push(Math.abs(verdict.rate! - truth.rate));
    }
    errors.sort((a, b) => a - b);
    expect(errors[Math.floor(0.9 * n)]).toBeLessThan(0.005);
    expect(errors.at(-1)).toBeLessThan(0.01);
  });
  it("is as sharp as the Cramér–Rao bound, its 95 % interval holds it in 19 of 20 runs, and noise does not pass for a spiral", () => {
    const [rate, n] = [0.9, 200];
    let [inside, spirals, squares] = [0, 0, 0];
    for (let i = 0; i < n; ++i) {
      const verdict = classifyPath(contractionPath(shape(1000 + i, {amplitude: 5, onSphere: false}), {rate}).path);
      if (verdict.rateCi![0] <= rate && rate <= verdict.rateCi![1]) ++inside;
      if (verdict.spiral) ++spirals;
      squares += (verdict.rate! - rate) ** 2;
    }
    expect(inside / n).toBeGreaterThan(0.9);
    expect(inside / n).toBeLessThan(0.99);
    expect(spirals).toBe(0);
    expect(Math.sqrt(squares / n)).toBeLessThan(1.15 * 0.0045); // the bound for 5 × the noise, 32 states, width 64
  });
});

describe("classifyPath does not call converging", () => {
  it("a slow drift beneath a transient that is as long as it", () => {
    const {pattern, evidence} = classifyPath(planar(32, 64, (t) => [0.0005 * t, 0.3 * 0.8 ** t]));
    expect(pattern).not.toBe("converging");
    expect(evidence.converging.goesOn).toBe(true);
  });
  it("a triangle wave, whose turns slow it down", () => {
    expect(classifyPath(planar(64, 64, (t) => [0.01 * Math.abs((t % 32) - 16), 0])).pattern).toBe("unsettled");
  });
});

describe("a loop that rounds to bfloat16 at every step", () => {
  it.each([0.7, 0.85])(
    "keeps its rate of %d to a few hundredths: rounding stops it short of its fixed point, which makes the end of the way look faster",
    (rate) => {
      const [centre, u] = frameOf(gaussianOf(seededRandom(12)), 64, 2);
      const data = new Float32Array(64 * 64);
      let state = toBfloat16(Float32Array.from(centre, (c, k) => 8 * (c + 0.3 * u[k])));
      for (let t = 0; t < 64; ++t) {
        data.set(state, t * 64);
        state = toBfloat16(state.map((x, k) => 8 * centre[k] + rate * (x - 8 * centre[k])));
      }
      const verdict = classifyPath(matrixOf(64, 64, data));
      expect(verdict.pattern).toBe("converging");
      expect(Math.abs(verdict.rate! - rate)).toBeLessThan(0.05);
    }
  );
});

/** Along a great circle of radius 8. */
function greatCircle(steps: number, width: number, speed: number): Matrix {
  const [u, v] = frameOf(gaussianOf(seededRandom(6)), width, 2);
  const data = new Float32Array(steps * width);
  for (let t = 0; t < steps; ++t)
    for (let k = 0; k < width; ++k) data[t * width + k] = 8 * (Math.cos(speed * t) * u[k] + Math.sin(speed * t) * v[k]);
  return matrixOf(steps, width, data);
}

describe("classifyPath claims nothing of", () => {
  const random = seededRandom(21);
  const at = {random, steps: 32, width: 64};
  it.each([
    ["independent noise on the sphere", () => noiseNull(at)],
    ["a random walk on the sphere", () => walkNull(at)],
    ["noise with the covariance of an orbit", () => covarianceMatched(orbitPath(shape(2)).path, at)],
    ["a walk with its phases randomised", () => phaseRandomised(walkNull(at), {random, common: true})]
  ])("%s", (_, make) => {
    for (let i = 0; i < 10; ++i) expect(classifyPath(make()).pattern).toBe("unsettled");
  });
});

describe("classifyPath of degenerate paths", () => {
  it("one state claims nothing", () => {
    expect(classifyPath(matrixOf(1, 3, Float32Array.of(1, 2, 3)))).toMatchObject({pattern: "unsettled", q: 1});
  });
  it.each([2, 5, 40])("%d equal states converge at step 0, at no rate", (rows) => {
    const verdict = classifyPath(matrixOf(rows, 2, new Float32Array(rows * 2).fill(1.1)));
    expect(verdict).toMatchObject({pattern: "converging", settledStep: 0, q: 0});
    expect(verdict.rate).toBeUndefined();
  });
  it("states that are all zero converge", () => {
    expect(classifyPath(matrixOf(20, 4, new Float32Array(80))).pattern).toBe("converging");
  });
  it("two different states claim nothing", () => {
    expect(classifyPath(matrixOf(2, 2, Float32Array.of(1, 0, 0, 1))).pattern).toBe("unsettled");
  });
  it("width 1 works: a decaying number converges", () => {
    expect(
      classifyPath(
        matrixOf(
          40,
          1,
          Float32Array.from({length: 40}, (_, t) => 3 + 0.7 ** t)
        )
      ).pattern
    ).toBe("converging");
  });
  it("NaN is refused by name", () => {
    expect(() => classifyPath(matrixOf(2, 2, Float32Array.of(1, NaN, 0, 1)))).toThrow(
      "invalid state at step 0: holds NaN or Infinity; expected finite numbers"
    );
  });
});

describe("classifyRun", () => {
  const paths = [
    orbitPath(shape(1)).path,
    sliderPath(shape(2)).path,
    contractionPath(shape(3, {amplitude: 100}), {rate: 0.8}).path,
    noiseNull({random: seededRandom(4), steps: 32, width: 64})
  ];
  const labels = (run: States) => classifyRun(run).verdicts.map(({pattern}) => pattern);
  it("labels each trajectory and counts the labels", () => {
    const {verdicts, summary} = classifyRun(runOf(paths));
    expect(verdicts.map(({pattern}) => pattern)).toEqual(["orbit", "slider", "converging", "unsettled"]);
    expect(summary.counts).toEqual({orbit: 1, slider: 1, converging: 1, unsettled: 1});
    expect(summary).toMatchObject({precision: "float32", collapse: {collapsed: false}});
    for (const verdict of verdicts) expect(verdict.q).toBeGreaterThanOrEqual(verdict.p);
  });
  it("says for each label why not", () => {
    const {evidence} = classifyRun(runOf(paths)).verdicts[3];
    expect(evidence.orbit!.against.length).toBeGreaterThan(0);
    expect(evidence.slider!.against.length).toBeGreaterThan(0);
  });
  it("does not change its labels when the space is rotated, scaled, or the tokens permuted", () => {
    const axes = frameOf(gaussianOf(seededRandom(8)), 64, 64);
    const rotated = paths.map(({rows, cols, data}) =>
      matrixOf(
        rows,
        cols,
        Float32Array.from({length: rows * cols}, (_, at) => {
          const row = data.subarray(Math.floor(at / cols) * cols, (Math.floor(at / cols) + 1) * cols);
          return axes[at % cols].reduce((sum, x, k) => sum + x * row[k], 0);
        })
      )
    );
    const scaled = paths.map(({rows, cols, data}) =>
      matrixOf(
        rows,
        cols,
        data.map((x) => x * 0.01)
      )
    );
    expect(labels(runOf(rotated))).toEqual(labels(runOf(paths)));
    expect(labels(runOf(scaled))).toEqual(labels(runOf(paths)));
    expect(labels(runOf([...paths].reverse()))).toEqual([...labels(runOf(paths))].reverse());
  });
  it("gives equal verdicts for equal input", () => {
    expect(classifyRun(runOf(paths))).toEqual(classifyRun(runOf(paths)));
  });
  it("takes the last 256 states of a longer path, and counts steps from its beginning", () => {
    const {window, pattern} = classifyPath(circle(300, 7, 0.1));
    expect(pattern).toBe("orbit");
    expect(window[0]).toBeGreaterThanOrEqual(44);
    expect(window[1]).toBe(299);
  });
});
