import {polygonContains, rgb} from "d3";
import {Vector3, type Camera} from "three";
import type {Spot} from "../spot.ts";
import {coordinateAt, type Points} from "../field.ts";
import {BEYOND, type ColourOf} from "../trajectoryMarks.ts";
import type {Overlay} from "../trajectoryScene.ts";

/** States in space: the points of a projection, with the place of each coordinate decided by `place`. */
export interface SpacePoints {
  readonly points: Points;
  /** Writes the place of a state into `out`, in units that fill the box from `low` to `high`. */
  readonly place: (step: number, init: number, token: number, out: Vector3) => Vector3;
  readonly low: readonly [number, number, number];
  readonly high: readonly [number, number, number];
  /** Trajectories of other runs in the same box. */
  readonly over: readonly SpaceOverlay[];
}

/** Trajectories of another run, all of one colour. */
interface SpaceOverlay extends Pick<SpacePoints, "points" | "place"> {
  readonly tokens: readonly number[];
  readonly colour: string;
}

const TALL = 1.6; // height of the waterfall in widths of its trajectories

const byComponents =
  (points: Points): SpacePoints["place"] =>
  (step, init, token, out) =>
    out.set(
      coordinateAt(points, step, init, token, 0),
      coordinateAt(points, step, init, token, 1),
      coordinateAt(points, step, init, token, 2)
    );

/** The first three components, one unit the same in all directions. */
export function componentSpace(points: Points, overlays: readonly Overlay[] = []): SpacePoints {
  const [low, high] = boxOf([points, ...overlays.map((overlay) => overlay.points)], 3);
  return {
    points,
    low: low as [number, number, number],
    high: high as [number, number, number],
    place: byComponents(points),
    over: overlays.map(({points: other, tokens, colour}) => ({points: other, tokens, colour, place: byComponents(other)}))
  };
}

/** The waterfall of Geiping et al. 2025: two components on the ground, the tokens from the first at the top to the last at the bottom; a token of another run is as high as its partner. */
export function waterfallSpace(points: Points, overlays: readonly Overlay[] = []): SpacePoints {
  const [low, high] = boxOf([points, ...overlays.map((overlay) => overlay.points)], 2);
  const span = Math.max(high[0] - low[0], high[1] - low[1]) || 1;
  const tall = span * Math.min(TALL, 0.3 + points.tokens / 40);
  const heightOf = (token: number): number => tall * (1 - token / Math.max(1, points.tokens - 1));
  const falling =
    (of: Points, besideOf: (token: number) => number): SpacePoints["place"] =>
    (step, init, token, out) =>
      out.set(coordinateAt(of, step, init, token, 0), heightOf(besideOf(token)), coordinateAt(of, step, init, token, 1));
  return {
    points,
    low: [low[0], 0, low[1]],
    high: [high[0], tall, high[1]],
    place: falling(points, (token) => token),
    over: overlays.map(({points: other, pairs, colour}) => {
      const beside = new Map(pairs.map((pair) => [pair.token, pair.beside]));
      return {points: other, tokens: [...beside.keys()], colour, place: falling(other, (token) => beside.get(token) as number)};
    })
  };
}

function boxOf(runs: readonly Points[], count: number): [number[], number[]] {
  const low = Array<number>(count).fill(Infinity);
  const high = Array<number>(count).fill(-Infinity);
  for (const {steps, inits, tokens, dims, values} of runs) {
    for (let i = 0; i < steps * inits * tokens; ++i) {
      for (let k = 0; k < count; ++k) {
        const value = values[i * dims + k];
        if (value < low[k]) low[k] = value;
        if (value > high[k]) high[k] = value;
      }
    }
  }
  return low.every(Number.isFinite) ? [low, high] : [Array<number>(count).fill(-1), Array<number>(count).fill(1)];
}

interface SegmentStyle {
  readonly colourOf: ColourOf;
  /** What comes after it fades into the paper. */
  readonly step: number;
  /** The last trained step: what lies beyond is paler. */
  readonly trained?: number;
  readonly paper: string;
}

/** Straight segments from step to step, each in the colour of the state it leads to. */
export function segmentsIn(
  {points, place}: Pick<SpacePoints, "points" | "place">,
  tokens: readonly number[],
  inits: readonly number[],
  {colourOf, step, trained = Infinity, paper}: SegmentStyle
): {places: Float32Array; colours: Float32Array} {
  const count = tokens.length * inits.length * Math.max(0, points.steps - 1);
  const places = new Float32Array(6 * count);
  const colours = new Float32Array(6 * count);
  const [from, to] = [new Vector3(), new Vector3()];
  const shadeOf = fading(paper);
  let at = 0;
  for (const init of inits) {
    for (const token of tokens) {
      for (let s = 1; s < points.steps; ++s, at += 6) {
        place(s - 1, init, token, from).toArray(places, at);
        place(s, init, token, to).toArray(places, at + 3);
        const shade = shadeOf(colourOf(s, init, token), (s > step ? AHEAD : 1) * (s > trained ? BEYOND.alpha : 1));
        colours.set(shade, at);
        colours.set(shade, at + 3);
      }
    }
  }
  return {places, colours};
}

const AHEAD = 0.2; // share of the colour that is left after the step looked at

/** Colours mixed with the paper, each made once: a share of 1 is the colour itself. */
function fading(paper: string): (name: string, share: number) => readonly [number, number, number] {
  const shades = new Map<string, readonly [number, number, number]>();
  const ground = linear(paper);
  return (name, share) => {
    const key = `${name} ${share}`;
    let shade = shades.get(key);
    if (!shade) {
      const full = linear(name);
      const mix = (k: 0 | 1 | 2): number => (1 - share) * ground[k] + share * full[k];
      shades.set(key, (shade = [mix(0), mix(1), mix(2)]));
    }
    return shade;
  };
}

/** three computes in linear light. */
function linear(name: string): [number, number, number] {
  const {r, g, b} = rgb(name);
  const part = (value: number): number => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  return [part(r), part(g), part(b)];
}

interface OnScreen {
  readonly space: SpacePoints;
  readonly chosen: readonly number[];
  readonly init: number | undefined;
  readonly width: number;
  readonly height: number;
}

/** Where a state lies on the screen, in pixels, with its depth from −1 to 1. */
export function screenOf(
  {space, width, height}: Pick<OnScreen, "space" | "width" | "height">,
  camera: Camera,
  {step, init, token}: Spot,
  out = new Vector3()
): Vector3 {
  space.place(step, init, token, out).project(camera);
  return out.set(((out.x + 1) / 2) * width, ((1 - out.y) / 2) * height, out.z);
}

/** The tokens of which at least one state lies inside a polygon of pixels. */
export function tokensWithin(scene: Omit<OnScreen, "chosen">, camera: Camera, corners: [number, number][]): number[] {
  const {
    space: {points},
    init
  } = scene;
  const inits = init === undefined ? [...Array(points.inits).keys()] : [init];
  const at = new Vector3();
  const isInside = (token: number, own: number, step: number): boolean => {
    screenOf(scene, camera, {step, init: own, token}, at);
    return Math.abs(at.z) <= 1 && polygonContains(corners, [at.x, at.y]);
  };
  return [...Array(points.tokens).keys()].filter((token) =>
    inits.some((own) => [...Array(points.steps).keys()].some((step) => isInside(token, own, step)))
  );
}

/** The state nearest to a pixel; among the chosen tokens first. */
export function nearestOnScreen(scene: OnScreen, camera: Camera, [px, py]: readonly [number, number], radius: number): Spot | undefined {
  const {
    space: {points},
    chosen,
    init
  } = scene;
  const inits = init === undefined ? [...Array(points.inits).keys()] : [init];
  const all = [...Array(points.tokens).keys()];
  const at = new Vector3();
  for (const tokens of [chosen.filter((token) => token < points.tokens), all]) {
    let best: Spot | undefined;
    let least = radius * radius;
    for (const token of tokens) {
      for (const own of inits) {
        for (let step = 0; step < points.steps; ++step) {
          screenOf(scene, camera, {step, init: own, token}, at);
          const far = (at.x - px) ** 2 + (at.y - py) ** 2;
          if (far < least && Math.abs(at.z) <= 1) [best, least] = [{step, init: own, token}, far];
        }
      }
    }
    if (best) return best;
  }
  return undefined;
}
