import {describe, expect, it} from "vitest";
import type {Points} from "../../../app/plot/field.ts";
import {nearestIn} from "../../../app/plot/nearest.ts";
import type {Pen} from "../../../app/plot/pen.ts";
import {boundsOf, drawPaths, equalDomains, type Bundle} from "../../../app/plot/trajectoryMarks.ts";
import {verticesOf} from "../../../app/plot/lineLayer.ts";

// two tokens, one init, three steps: token 0 walks right along y = 0, token 1 along y = 4
const points: Points = {steps: 3, inits: 1, tokens: 2, dims: 2, values: Float32Array.of(0, 0, 0, 4, 1, 0, 1, 4, 2, 0, 2, 4)};
const bundle: Bundle = {points, dims: [0, 1], tokens: [0, 1], inits: [0]};
const asIs = {x: (value: number) => value, y: (value: number) => value};

/** A pen that keeps what it was told. */
function recorder(): {pen: Pen; segments: {coordinates: readonly number[]; colour: string}[]} {
  const segments: {coordinates: readonly number[]; colour: string}[] = [];
  return {segments, pen: {segments: (coordinates, {colour}) => void segments.push({coordinates, colour}), dots: () => {}, rings: () => {}}};
}

describe("drawPaths", () => {
  it("draws one straight segment from step to step, and segments of one colour in one stroke", () => {
    const {pen, segments} = recorder();
    drawPaths(pen, bundle, asIs, {colourOf: (step) => (step === 1 ? "early" : "late"), width: 1});
    expect(segments).toEqual([
      {colour: "early", coordinates: [0, 0, 1, 0, 0, 4, 1, 4]},
      {colour: "late", coordinates: [1, 0, 2, 0, 1, 4, 2, 4]}
    ]);
  });

  it("draws only the steps asked for, and nothing through a state that is not defined", () => {
    const {pen, segments} = recorder();
    const values = points.values.slice();
    values[4] = NaN; // token 0 at step 1
    drawPaths(pen, {...bundle, points: {...points, values}}, asIs, {colourOf: () => "one", width: 1, from: 1});
    expect(segments).toEqual([{colour: "one", coordinates: [1, 4, 2, 4]}]);
  });
});

describe("boundsOf and equalDomains", () => {
  it("boundsOf holds every finite state", () =>
    expect(boundsOf(bundle)).toEqual([
      [0, 2],
      [0, 4]
    ]));
  it("boundsOf nothing is a unit square about 0", () =>
    expect(boundsOf({...bundle, tokens: []})).toEqual([
      [-0.5, 0.5],
      [-0.5, 0.5]
    ]));
  it("equalDomains gives both axes the same units per pixel, about the middle", () => {
    const [[x0, x1], [y0, y1]] = equalDomains(
      [
        [0, 2],
        [0, 4]
      ],
      300,
      200
    );
    expect((x1 - x0) / 300).toBeCloseTo((y1 - y0) / 200, 12);
    expect([(x0 + x1) / 2, (y0 + y1) / 2]).toEqual([1, 2]);
    expect(y1 - y0).toBeGreaterThan(4);
  });
});

describe("nearestIn", () => {
  it("finds the nearest state within the radius, and none beyond it", () => {
    const nearest = nearestIn(bundle);
    expect(nearest(1.1, 0.2, 1)).toEqual({step: 1, init: 0, token: 0});
    expect(nearest(2, 3.9, 1)).toEqual({step: 2, init: 0, token: 1});
    expect(nearest(1, 2, 1)).toBeUndefined();
    expect(nearest(-50, -50, 1000)).toEqual({step: 0, init: 0, token: 0});
  });

  it("agrees with a search through all states, on a thousand random ones", () => {
    let seed = 1;
    const random = (): number => (seed = (seed * 16807) % 2147483647) / 2147483647;
    const many: Points = {steps: 10, inits: 4, tokens: 25, dims: 2, values: Float32Array.from({length: 2000}, random)};
    const nearest = nearestIn({points: many, dims: [0, 1], tokens: [...Array(25).keys()], inits: [0, 1, 2, 3]});
    for (let trial = 0; trial < 200; ++trial) {
      const [x, y] = [random(), random()];
      const far = Array.from({length: 1000}, (_, i) => (many.values[2 * i] - x) ** 2 + (many.values[2 * i + 1] - y) ** 2);
      const least = far.indexOf(Math.min(...far));
      expect(nearest(x, y, 2)).toEqual({step: Math.floor(least / 100), init: Math.floor((least % 100) / 25), token: least % 25});
    }
  });
});

describe("verticesOf", () => {
  it("lays trajectory after trajectory, each a strip of its own, places about the last state of the first", () => {
    const {place, step, strip, centre, colour} = verticesOf(bundle, (_, __, token) => (token ? "#00ff00" : "#ff0000"));
    expect(centre).toEqual([2, 0]);
    expect([...place]).toEqual([-2, 0, -1, 0, 0, 0, -2, 4, -1, 4, 0, 4]);
    expect([...step]).toEqual([0, 1, 2, 0, 1, 2]);
    expect([...strip]).toEqual([0, 1, 2, 0xffffffff, 3, 4, 5, 0xffffffff]);
    expect([...colour.slice(0, 4), ...colour.slice(12, 16)]).toEqual([255, 0, 0, 255, 0, 255, 0, 255]);
  });

  it.each([1, 2, 7, 100, 360])("has each of %i trajectories once, and any beginning of them is spread over all", (tokens) => {
    const points = {steps: 2, inits: 1, tokens, dims: 2, values: new Float32Array(4 * tokens)};
    const {strip} = verticesOf({points, dims: [0, 1], tokens: [...Array(tokens).keys()], inits: [0]}, () => "#000000");
    const order = Array.from({length: tokens}, (_, k) => strip[3 * k] / 2);
    expect([...order].sort((a, b) => a - b)).toEqual([...Array(tokens).keys()]);
    const tenth = order.slice(0, Math.ceil(tokens / 10)).sort((a, b) => a - b);
    const gaps = [...tenth, tokens].map((at, k) => at - (tenth[k - 1] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual((3 * tokens) / tenth.length);
  });
});
