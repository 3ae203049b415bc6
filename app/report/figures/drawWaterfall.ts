import type {Selection} from "d3";
import {trainedEnd} from "../../../api/contract/choices.ts";
import {formatShare} from "../../plot/format.ts";
import type {Pen} from "../../plot/pen.ts";
import {drawDiamonds, drawPaths, pixelsOf, type Bundle, type ColourOf} from "../../plot/trajectoryMarks.ts";
import type {Scene} from "../figure.ts";
import {logShare} from "../logShare.ts";
import type {RunFigures} from "../runFigures.ts";
import type {Waterfall} from "./waterfall.ts";

export type RunScene = Scene<RunFigures>;
export type Sheet = Selection<SVGSVGElement, unknown, null, undefined>;

const LABEL_ROOM = 12; // pixels from one token's text to the next

export const allTokens = ({data: {points}}: RunScene): number[] => [...Array(points.tokens).keys()];

export const bundleOf = ({view: {init}, data: {inits}}: RunScene, {points}: Waterfall, tokens: readonly number[]): Bundle => ({
  points,
  dims: [0, 1],
  tokens,
  inits: init === undefined ? [...Array(inits).keys()] : [init]
});

/** The ground plane with its two components, the axis along which nothing moves, and the tokens' texts. */
export function drawFrame(svg: Sheet, scene: RunScene, waterfall: Waterfall): void {
  const {palette} = scene;
  const group = svg.append("g").attr("font-family", palette.font).attr("font-size", 11).attr("fill", palette.quiet);
  drawGround(group, scene, waterfall);
  drawTexts(group, scene, waterfall);
}

type Group = Selection<SVGGElement, unknown, null, undefined>;

function drawGround(group: Group, {palette, data: {names, report}}: RunScene, {placeOf}: Waterfall): void {
  const bottom = names.length - 1;
  const line = (from: readonly [number, number], to: readonly [number, number], colour: string) =>
    group.append("line").attr("x1", from[0]).attr("y1", from[1]).attr("x2", to[0]).attr("y2", to[1]).attr("stroke", colour);
  const corners = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1]
  ].map(([x, y]) => placeOf(x, y, bottom));
  corners.forEach((corner, i) => line(corner, corners[(i + 1) % 4], palette.line));
  line(placeOf(0, 0, 0), placeOf(0, 0, bottom), palette.faint);
  for (const [k, [x, y]] of [
    [1, 0],
    [0, 1]
  ].entries()) {
    const [to, beyond] = [placeOf(x, y, bottom), placeOf(1.16 * x, 1.16 * y, bottom)];
    line(placeOf(0, 0, bottom), to, palette.faint);
    group
      .append("text")
      .attr("x", beyond[0])
      .attr("y", beyond[1])
      .attr("dy", "0.35em")
      .attr("text-anchor", "middle")
      .text(`PC${k + 1} ${formatShare(report.summary.explained[k])}`);
  }
}

function drawTexts(group: Group, {palette, data: {names}, view: {chosen}, height}: RunScene, {placeOf, projector}: Waterfall): void {
  const labelsEnd = projector.x(-1.3);
  let last = -Infinity;
  names.forEach((name, token) => {
    const y = placeOf(0, 0, token)[1];
    if (!chosen.includes(token) && y - last < LABEL_ROOM) return;
    last = y;
    group
      .append("text")
      .attr("x", labelsEnd)
      .attr("y", Math.min(height - 4, y))
      .attr("dy", "0.35em")
      .attr("text-anchor", "end")
      .attr("fill", chosen.includes(token) ? palette.ink : palette.quiet)
      .attr("font-weight", chosen.includes(token) ? 600 : 400)
      .text(name.length > 12 ? `${name.slice(0, 11)}…` : name);
  });
}

/** The trajectories, those chosen in colour; paler beyond the trained steps, with a diamond where these end. */
export function drawMarks(pen: Pen, scene: RunScene, waterfall: Waterfall): void {
  const {
    palette,
    view: {chosen, step},
    data: {lastStep, trained},
    stepColour
  } = scene;
  const colourOf: ColourOf = (at) => stepColour(logShare(at, lastStep));
  const all = allTokens(scene);
  const end = trainedEnd(trained, lastStep);
  const rest = chosen.length ? all.filter((token) => !chosen.includes(token)) : [];
  if (rest.length)
    drawPaths(pen, bundleOf(scene, waterfall, rest), waterfall.projector, {
      colourOf: () => palette.faint,
      width: 0.8,
      alpha: 0.45,
      trained: end
    });
  const bundle = bundleOf(scene, waterfall, chosen.length ? chosen : all);
  const look = {colourOf, width: chosen.length ? 1.6 : 1, trained: end};
  drawPaths(pen, bundle, waterfall.projector, {...look, alpha: 0.2, from: Math.min(step, lastStep)});
  drawPaths(pen, bundle, waterfall.projector, {...look, alpha: 0.9, to: step});
  if (end !== undefined) drawDiamonds(pen, bundle, waterfall.projector, {step: end, colour: palette.ink, radius: 4, width: 1});
}

/** The trajectory under the pointer. */
export function drawHover(over: Sheet, {view: {hover}, palette, data}: RunScene, {points, projector}: Waterfall): void {
  over.selectAll("*").remove();
  if (!hover || hover.step > data.lastStep) return;
  const place = (step: number) => pixelsOf({points, dims: [0, 1]}, projector, step, hover.init, hover.token);
  over
    .append("path")
    .attr("d", `M${Array.from({length: points.steps}, (_, step) => place(step).join(",")).join("L")}`)
    .attr("fill", "none")
    .attr("stroke", palette.accent)
    .attr("stroke-width", 1.25);
  const [cx, cy] = place(hover.step);
  over
    .append("circle")
    .attr("cx", cx)
    .attr("cy", cy)
    .attr("r", 5.5)
    .attr("fill", "none")
    .attr("stroke", palette.accent)
    .attr("stroke-width", 2);
}
