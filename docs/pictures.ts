import {seededRandom} from "../analysis/random.ts";
import {darkPalette, lightPalette} from "../app/plot/palette.ts";

/** The drawings of `concepts.md`: paths made by the formulas that the words stand for, so that they show what is meant and no model's whim. */

type Point = readonly [number, number];

const [WIDTH, HEIGHT] = [260, 180];
const MARGIN = 22;
const STEPS = 48;

const {labels} = lightPalette;
const GREY = darkPalette.labels.unsettled; // seen on white and on black

export const PICTURES: Readonly<Record<string, () => string>> = {
  "converging.svg": () => picture("A path that spirals into its fixed point", [path(spiral(0.9, 7), labels.converging)]),
  "orbit.svg": () => picture("A path that is drawn to a cycle and goes round it", [path(toCycle(9.1), labels.orbit)]),
  "slider.svg": () => picture("A path that goes on in one direction, evenly", [path(drift(), labels.slider)]),
  "unsettled.svg": () => picture("A path that jitters: nothing is claimed", [path(jitter(), GREY)]),
  "independent.svg": () =>
    picture(
      "Six starts that reach one place",
      starts((at) => path(settle(at, [0, 0]), labels.converging))
    ),
  "dependent.svg": () =>
    picture(
      "Six starts that reach two places",
      starts((at) => path(settle(at, [at[0] < 0 ? -0.6 : 0.6, 0]), at[0] < 0 ? labels.converging : labels.orbit))
    ),
  "settling.svg": settlingPicture
};

const times = Array.from({length: STEPS}, (_, t) => t);

const spiral = (rate: number, period: number): Point[] => times.map((t) => polar(rate ** t, (2 * Math.PI * t) / period));

const toCycle = (period: number): Point[] => times.map((t) => polar(0.55 + 0.45 * 0.8 ** t, (2 * Math.PI * t) / period));

function drift(): Point[] {
  const random = seededRandom(1);
  return times.map((t) => [-1 + (2 * t) / STEPS + 0.015 * (random() - 0.5), 0.35 * Math.sin(t / 30) - 0.2 + 0.03 * (random() - 0.5)]);
}

function jitter(): Point[] {
  const random = seededRandom(2);
  return times.map(() => [0.8 * (random() + random() - 1), 0.8 * (random() + random() - 1)]);
}

const settle = ([x, y]: Point, [a, b]: Point): Point[] =>
  times.map((t) => [a + (x - a) * 0.82 ** t, b + (y - b) * 0.82 ** t * Math.cos(t / 5)]);

const starts = (draw: (at: Point) => string): string[] => Array.from({length: 6}, (_, k) => draw(polar(1, 0.4 + (2 * Math.PI * k) / 6)));

function polar(radius: number, angle: number): Point {
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

/** A path in the square from −1 to 1: its line, and a dot for each state, the last one ringed. */
function path(points: readonly Point[], colour: string): string {
  const placed = points.map(
    ([x, y]) => [WIDTH / 2 + (x * (HEIGHT - 2 * MARGIN)) / 2, HEIGHT / 2 - (y * (HEIGHT - 2 * MARGIN)) / 2].map(round) as unknown as Point
  );
  const dots = placed.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="1.8"/>`).join("");
  const [x, y] = placed.at(-1)!;
  return `<g fill="${colour}" stroke="none"><polyline points="${placed.map((point) => point.join(",")).join(" ")}" fill="none" stroke="${colour}" stroke-opacity="0.5"/>${dots}<circle cx="${x}" cy="${y}" r="4.5" fill="none" stroke="${colour}" stroke-width="1.6"/></g>`;
}

/** The distance to the end on a log axis: a straight fall at its rate, and then the floor. */
function settlingPicture(): string {
  const random = seededRandom(3);
  const floor = 1e-4;
  const y = (distance: number): number => round(MARGIN + ((HEIGHT - 2 * MARGIN) * -Math.log10(distance)) / 4.6);
  const x = (t: number): number => round(MARGIN + ((WIDTH - 2 * MARGIN) * t) / (STEPS - 1));
  const line = times.map((t) => `${x(t)},${y(Math.max(0.75 ** t, floor * (0.7 + 0.6 * random())))}`).join(" ");
  return picture("Distance to the end by step, on a log axis: a fall at one rate down to the noise floor", [
    `<polyline points="${line}" fill="none" stroke="${labels.converging}" stroke-width="1.5"/>`,
    `<line x1="${MARGIN}" x2="${WIDTH - MARGIN}" y1="${y(floor)}" y2="${y(floor)}" stroke="${GREY}" stroke-dasharray="4 3"/>`,
    `<text x="${WIDTH - MARGIN}" y="${y(floor) + 14}" text-anchor="end" font-size="11" font-family="sans-serif" fill="${GREY}">noise floor</text>`
  ]);
}

const picture = (title: string, parts: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img"><title>${title}</title>${parts.join("")}</svg>`;

const round = (value: number): number => Math.round(100 * value) / 100;
