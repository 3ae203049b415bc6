import {pointer, scaleLinear, select} from "d3";
import type {Plot} from "../../plot/plot.ts";
import {tokenColour} from "../../plot/palette.ts";
import type {Figure, Gestures, Scene} from "../figure.ts";
import type {RunFigures} from "../runFigures.ts";

const MARGIN = 34;

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

function spectrumPlot(node: HTMLElement, first: Scene<RunFigures>, {point, pick}: Gestures): Plot<Scene<RunFigures>> {
  let scene = first;
  const {spectrum} = first.data.report;
  const all: readonly Eigenvalue[] = spectrum!.tokens.flatMap(({token, init, eigenvalues}) =>
    eigenvalues.map(([re, im]) => ({token, init, re, im}))
  );
  const reach =
    1.12 * Math.max(1, ...all.map(({re, im}) => Math.hypot(re, im)), ...(spectrum!.sequence ?? []).map(([re, im]) => Math.hypot(re, im)));
  const svg = select(node)
    .append("svg")
    .attr("role", "img")
    .attr("aria-label", "Eigenvalues and the unit circle")
    .style("display", "block")
    .style("cursor", "pointer");
  const scales = () => {
    const half = Math.min(scene.width, scene.height) / 2 - MARGIN;
    return {
      x: scaleLinear([-reach, reach], [scene.width / 2 - half, scene.width / 2 + half]),
      y: scaleLinear([-reach, reach], [scene.height / 2 + half, scene.height / 2 - half])
    };
  };
  const shown = (): readonly Eigenvalue[] =>
    all.filter(
      ({token, init}) =>
        (scene.view.chosen.length === 0 || scene.view.chosen.includes(token)) && (scene.view.init === undefined || scene.view.init === init)
    );
  const nearest = (event: MouseEvent): Eigenvalue | undefined => {
    const [px, py] = pointer(event, svg.node());
    const {x, y} = scales();
    const away = ({re, im}: Eigenvalue): number => Math.hypot(x(re) - px, y(im) - py);
    return shown()
      .filter((value) => away(value) < 12)
      .sort((a, b) => away(a) - away(b))[0];
  };
  svg
    .on("pointermove", (event: PointerEvent) => {
      const found = nearest(event);
      point(found && {step: spectrum!.step, init: found.init, token: found.token}, [event.clientX, event.clientY]);
    })
    .on("pointerleave", (event: PointerEvent) => point(undefined, [event.clientX, event.clientY]))
    .on("click", (event: MouseEvent) => pick(nearest(event)?.token, {extend: event.shiftKey}));

  function draw(): void {
    const {
      width,
      height,
      palette,
      view: {chosen}
    } = scene;
    const {x, y} = scales();
    svg.attr("width", width).attr("height", height).selectAll("*").remove();
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
    const marks = svg.append("g").attr("fill-opacity", 0.75);
    for (const {token, re, im} of shown())
      marks
        .append("circle")
        .attr("cx", x(re))
        .attr("cy", y(im))
        .attr("r", 3)
        .attr("fill", chosen.length > 0 ? tokenColour(palette, token) : palette.ink);
    for (const [re, im] of spectrum!.sequence ?? [])
      marks
        .append("rect")
        .attr("x", x(re) - 4)
        .attr("y", y(im) - 4)
        .attr("width", 8)
        .attr("height", 8)
        .attr("fill", "none")
        .attr("stroke", palette.ink);
  }

  draw();
  return {
    update(next) {
      const before = scene;
      scene = next;
      if (
        before.width !== next.width ||
        before.palette !== next.palette ||
        before.view.chosen !== next.view.chosen ||
        before.view.init !== next.view.init
      )
        draw();
    },
    destroy: () => void svg.remove(),
    picture: () => svg.node()!.cloneNode(true) as SVGSVGElement
  };
}
