import {pointer, scaleLinear, select, type ScaleLinear, type Selection} from "d3";
import {beyondNote} from "../../../api/contract/choices.ts";
import type {Plot} from "../../plot/plot.ts";
import {tokenColour} from "../../plot/palette.ts";
import type {Figure, Gestures, Scene} from "../figure.ts";
import type {RunFigures} from "../runFigures.ts";

const MARGIN = 34;
const HIT = 12; // pixels

/** Leading eigenvalues of the core step's Jacobian in the complex plane. Only for a report with a spectrum. */
export const spectrumFigure: Figure<RunFigures> = {
  id: "spectrum",
  height: () => 440,
  make: spectrumPlot,
  csv: ({report: {spectrum}}) => {
    const lines = spectrum!.tokens.flatMap(({token, init, eigenvalues}) =>
      eigenvalues.map(([re, im], i) => [token, init, i, re, im, Math.hypot(re, im)].join(","))
    );
    return `${["token,init,index,real,imaginary,modulus", ...lines].join("\n")}\n`;
  }
};

interface Eigenvalue {
  readonly token: number;
  readonly init: number;
  readonly re: number;
  readonly im: number;
}

interface PlaneScales {
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
  /** Half the side of the plane, in its own units. */
  readonly reach: number;
}

type RunScene = Scene<RunFigures>;

function spectrumPlot(node: HTMLElement, first: RunScene, {point, pick}: Gestures): Plot<RunScene> {
  let scene = first;
  const {data} = first;
  const spectrum = data.report.spectrum!;
  const svg = select(node)
    .append("svg")
    .attr("role", "img")
    .attr("aria-label", `Eigenvalues and the unit circle, at step ${spectrum.step}${beyondNote(data.trained, spectrum.step)}`)
    .style("display", "block")
    .style("cursor", "pointer");
  svg
    .on("pointermove", (event: PointerEvent) => {
      const found = nearestTo(scene, pointer(event, svg.node()));
      point(found && {step: spectrum.step, init: found.init, token: found.token}, [event.clientX, event.clientY]);
    })
    .on("pointerleave", (event: PointerEvent) => point(undefined, [event.clientX, event.clientY]))
    .on("click", (event: MouseEvent) => pick(nearestTo(scene, pointer(event, svg.node()))?.token, {extend: event.shiftKey}));

  function draw(): void {
    svg.attr("width", scene.width).attr("height", scene.height).selectAll("*").remove();
    drawCircle(svg, scene);
    drawValues(svg, scene);
  }

  draw();
  return {
    update(next) {
      const before = scene;
      scene = next;
      const chose = before.view.chosen !== next.view.chosen || before.view.init !== next.view.init;
      if (chose || before.width !== next.width || before.palette !== next.palette) draw();
    },
    destroy: () => void svg.remove(),
    picture: () => svg.node()!.cloneNode(true) as SVGSVGElement
  };
}

const allValues = ({report: {spectrum}}: RunFigures): Eigenvalue[] =>
  spectrum!.tokens.flatMap(({token, init, eigenvalues}) => eigenvalues.map(([re, im]) => ({token, init, re, im})));

/** Those of the chosen tokens and of the chosen init; all where none is chosen. */
const shownValues = ({data, view: {chosen, init}}: RunScene): Eigenvalue[] =>
  allValues(data).filter((value) => (chosen.length === 0 || chosen.includes(value.token)) && (init === undefined || init === value.init));

function scalesOf({data, width, height}: RunScene): PlaneScales {
  const sequence = data.report.spectrum!.sequence ?? [];
  const moduli = [...allValues(data).map(({re, im}) => Math.hypot(re, im)), ...sequence.map(([re, im]) => Math.hypot(re, im))];
  const reach = 1.12 * Math.max(1, ...moduli);
  const half = Math.min(width, height) / 2 - MARGIN;
  return {
    reach,
    x: scaleLinear([-reach, reach], [width / 2 - half, width / 2 + half]),
    y: scaleLinear([-reach, reach], [height / 2 + half, height / 2 - half])
  };
}

function nearestTo(scene: RunScene, [px, py]: [number, number]): Eigenvalue | undefined {
  const {x, y} = scalesOf(scene);
  const away = ({re, im}: Eigenvalue): number => Math.hypot(x(re) - px, y(im) - py);
  return shownValues(scene)
    .filter((value) => away(value) < HIT)
    .sort((a, b) => away(a) - away(b))[0];
}

type Sheet = Selection<SVGSVGElement, unknown, null, undefined>;

/** Both axes and the unit circle, with their names. */
function drawCircle(svg: Sheet, scene: RunScene): void {
  const {palette} = scene;
  const {x, y, reach} = scalesOf(scene);
  const lines = svg.append("g").attr("stroke", palette.line).attr("fill", "none");
  lines.append("path").attr("d", `M${x(-reach)} ${y(0)}H${x(reach)}M${x(0)} ${y(-reach)}V${y(reach)}`);
  lines
    .append("circle")
    .attr("cx", x(0))
    .attr("cy", y(0))
    .attr("r", x(1) - x(0))
    .attr("stroke", palette.quiet);
  const text = svg.append("g").attr("font-family", palette.font).attr("font-size", 11).attr("fill", palette.quiet);
  text
    .append("text")
    .attr("x", x(reach))
    .attr("y", y(0) - 6)
    .attr("text-anchor", "end")
    .text("real");
  text
    .append("text")
    .attr("x", x(0) + 6)
    .attr("y", y(reach) + 10)
    .text("imaginary");
  text
    .append("text")
    .attr("x", x(Math.SQRT1_2) + 4)
    .attr("y", y(Math.SQRT1_2) - 4)
    .text("modulus 1");
}

/** Dots for the tokens' own blocks, squares for the whole sequence. */
function drawValues(svg: Sheet, scene: RunScene): void {
  const {palette, view, data} = scene;
  const {x, y} = scalesOf(scene);
  const marks = svg.append("g").attr("fill-opacity", 0.75);
  for (const {token, re, im} of shownValues(scene))
    marks
      .append("circle")
      .attr("cx", x(re))
      .attr("cy", y(im))
      .attr("r", 3)
      .attr("fill", view.chosen.length > 0 ? tokenColour(palette, token) : palette.ink);
  for (const [re, im] of data.report.spectrum!.sequence ?? [])
    marks
      .append("rect")
      .attr("x", x(re) - 4)
      .attr("y", y(im) - 4)
      .attr("width", 8)
      .attr("height", 8)
      .attr("fill", "none")
      .attr("stroke", palette.ink);
}
