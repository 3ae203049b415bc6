import {pointer, select} from "d3";
import {beyondNote} from "../../../api/contract/choices.ts";
import type {Plot} from "../../plot/plot.ts";
import {tokenColour} from "../../plot/palette.ts";
import type {Svg} from "../../plot/svgPlot.ts";
import {complexPlane, drawSequence, drawUnitCircle, type ComplexPlane} from "../../plot/unitCircle.ts";
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
    drawUnitCircle(svg, scalesOf(scene), scene.palette);
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

function scalesOf({data, width, height}: RunScene): ComplexPlane {
  const values = [...allValues(data).map(({re, im}) => [re, im] as const), ...(data.report.spectrum!.sequence ?? [])];
  return complexPlane(values, {width, height}, MARGIN);
}

function nearestTo(scene: RunScene, [px, py]: [number, number]): Eigenvalue | undefined {
  const {x, y} = scalesOf(scene);
  const away = ({re, im}: Eigenvalue): number => Math.hypot(x(re) - px, y(im) - py);
  return shownValues(scene)
    .filter((value) => away(value) < HIT)
    .sort((a, b) => away(a) - away(b))[0];
}

/** Dots for the tokens' own blocks, squares for the whole sequence. */
function drawValues(svg: Svg, scene: RunScene): void {
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
  drawSequence(svg, data.report.spectrum!.sequence ?? [], {...scalesOf(scene), stroke: palette.ink});
}
