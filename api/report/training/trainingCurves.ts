import {html, type Html} from "../html.ts";
import type {TrainingCurve} from "../../../analysis/training/divergence.ts";

const [WIDTH, HEIGHT] = [410, 190];
const [LEFT, RIGHT, TOP, BOTTOM] = [46, 10, 26, 30];
const TICKS = 4;

interface DrawnCurve extends TrainingCurve {
  readonly colour: string;
  readonly label: string;
}

/** Curves of one quantity by update, one for each run, as an SVG picture. */
export function trainingCurves(title: string, curves: readonly DrawnCurve[]): Html {
  const points = curves.flatMap((curve) => curve.points);
  const last = Math.max(1, ...points.map(({update}) => update));
  const finite = points.map(({value}) => value).filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...finite), Math.max(...finite, 1e-9)];
  const x = (update: number) => LEFT + (update / last) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => HEIGHT - BOTTOM - ((value - low) / (high - low || 1)) * (HEIGHT - TOP - BOTTOM);
  const path = (curve: TrainingCurve) =>
    curve.points.map(({update, value}, i) => `${i ? "L" : "M"}${x(update).toFixed(1)},${y(value).toFixed(1)}`).join("");
  const ticks = Array.from({length: TICKS + 1}, (_, i) => i / TICKS);
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title} by update">
<text x="${LEFT}" y="15" class="title">${title}</text>
${ticks.map((share) => html`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(low + share * (high - low))}" y2="${y(low + share * (high - low))}" class="grid"/><text x="${LEFT - 5}" y="${y(low + share * (high - low)) + 4}" class="tick end">${figure(low + share * (high - low))}</text>`)}
${ticks.map((share) => html`<text x="${x(share * last)}" y="${HEIGHT - BOTTOM + 15}" class="tick ${share === 1 ? "end" : "middle"}">${Math.round(share * last)}</text>`)}
${curves.map(({colour, label, ...curve}) => html`<path d="${path(curve)}" stroke="${colour}"><title>${label}</title></path>`)}
</svg>`;
}

export const figure = (value: number): string => String(Number(value.toPrecision(3)));
