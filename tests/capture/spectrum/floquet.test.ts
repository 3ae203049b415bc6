import {expect, it} from "vitest";
import {leadingEigenvalues, type Operator} from "../../../capture/spectrum/arnoldi.ts";
import {bifurcationOf, nearText} from "../../../capture/spectrum/bifurcation.ts";
import {productOf} from "../../../capture/spectrum/floquet.ts";
import {seededRandom} from "../../../analysis/random.ts";

type Matrix2 = readonly [readonly [number, number], readonly [number, number]];
const applied =
  ([[a, b], [c, d]]: Matrix2): Operator =>
  async ([x, y]) =>
    Float64Array.of(a * x + b * y, c * x + d * y);

const multipliers = async (jacobians: readonly Matrix2[]) =>
  (await leadingEigenvalues(productOf(jacobians.map(applied)), 2, {random: seededRandom(1)})).eigenvalues;

/** The logistic map r x (1 − x), beside a direction that dies away at once. */
const logistic = (r: number, xs: readonly number[]): Matrix2[] =>
  xs.map((x) => [
    [r * (1 - 2 * x), 0],
    [0, 0.01]
  ]);

const twoCycle = (r: number): number[] => [1, -1].map((sign) => (r + 1 + sign * Math.sqrt((r - 3) * (r + 1))) / (2 * r));

it.each([3.1, 3.3, 3.44])("the multiplier of the logistic map's cycle of period 2 at r = %f is 4 + 2 r − r²", async (r) => {
  const [[re, im]] = await multipliers(logistic(r, twoCycle(r)));
  expect(re).toBeCloseTo(4 + 2 * r - r * r, 10);
  expect(im).toBe(0);
});

it("the cycle of period 2 flips at r = 1 + √6, where its multiplier is −1, though its steps' Jacobians are not", async () => {
  expect(bifurcationOf(await multipliers(logistic(1 + Math.sqrt(6), twoCycle(1 + Math.sqrt(6)))))).toBe("flip");
  expect(bifurcationOf(await multipliers(logistic(3.3, twoCycle(3.3))))).toBeNull();
});

it("the logistic map's fixed point flips at r = 3, and the cycle of period 3 is born in a fold at 1 + √8", async () => {
  expect(bifurcationOf(await multipliers(logistic(3, [2 / 3])))).toBe("flip");
  const r = 1 + Math.sqrt(8);
  const step = (x: number): number => r * x * (1 - x);
  const shut = (x: number): number => step(step(step(x))) - x;
  // At its birth the cycle touches the diagonal: the least |f³(x) − x| away from the fixed point.
  let x = 0.15;
  for (let at = 0.1; at < 0.2; at += 1e-6) if (Math.abs(shut(at)) < Math.abs(shut(x))) x = at;
  const [leading] = await multipliers(logistic(r, [x, step(x), step(step(x))]));
  expect(leading[0]).toBeCloseTo(1, 2);
  expect(bifurcationOf([leading])).toBe("fold");
});

it("the delayed logistic map a x (1 − y) turns into a circle at a = 2: a pair e^{±iπ/3}", async () => {
  const found = await multipliers([
    [
      [1, -1],
      [1, 0]
    ]
  ]);
  expect(bifurcationOf(found)).toBe("Neimark–Sacker");
  expect(Math.abs(Math.atan2(found[0][1], found[0][0]))).toBeCloseTo(Math.PI / 3, 8);
});

/** z ↦ (1 + μ − |z|²) e^{iω} z at a point of the real axis: its Jacobian, of which the second column is the way along a circle. */
const turned = (mu: number, omega: number, r: number): Matrix2 => {
  const [radial, along] = [1 + mu - 3 * r * r, 1 + mu - r * r];
  return [
    [radial * Math.cos(omega), -along * Math.sin(omega)],
    [radial * Math.sin(omega), along * Math.cos(omega)]
  ];
};

it.each([0.02, 0.04])(
  "the rest of z ↦ (1 + μ − |z|²) e^{iω} z is near a Neimark–Sacker at μ = ±%f, and each whole turn round its circle has a multiplier 1",
  async (mu) => {
    for (const side of [-mu, mu]) expect(bifurcationOf(await multipliers([turned(side, 0.9, 0)]))).toBe("Neimark–Sacker");
    // In axes that turn along, each step is the same diagonal matrix.
    const turn = Array.from(
      {length: 5},
      (): Matrix2 => [
        [1 - 2 * mu, 0],
        [0, 1]
      ]
    );
    const found = await multipliers(turn);
    expect(found[0][0]).toBeCloseTo(1, 9);
    expect(nearText(bifurcationOf(found)!, 5)).toBe("near a fold bifurcation, or on a closed curve, past a Neimark–Sacker");
  }
);

it.each([0.005, 0.012])(
  "x ↦ −(1 + μ) x + x³ flips at μ = 0: its rest at −1 − μ, and the cycle just born at (1 − 2 μ)², μ = %f",
  async (mu) => {
    const at = (x: number): Matrix2 => [
      [-(1 + mu) + 3 * x * x, 0],
      [0, 0.1]
    ];
    const rest = bifurcationOf(await multipliers([at(0)]))!;
    expect(nearText(rest, 1)).toBe("near a flip bifurcation");
    const born = await multipliers([at(Math.sqrt(mu)), at(-Math.sqrt(mu))]);
    expect(born[0][0]).toBeCloseTo((1 - 2 * mu) ** 2, 9);
    expect(nearText(bifurcationOf(born)!, 2)).toBe("near a fold bifurcation, or just past the flip that it came from");
  }
);

it("x ↦ x + μ − x² has its fold at +1, and nothing else is named", async () => {
  const found = await multipliers([
    [
      [1 - 2 * 0.01, 0],
      [0, 0.2]
    ]
  ]);
  expect(nearText(bifurcationOf(found)!, 1)).toBe("near a fold bifurcation");
});
