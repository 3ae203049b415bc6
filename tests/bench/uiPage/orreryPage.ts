import {lightPalette} from "../../../app/plot/palette.ts";
import {colouring} from "../../../app/plot/colouring.ts";
import {trajectoryPlot} from "../../../app/plot/trajectoryPlot.ts";
import {walks, type Size} from "./walks.ts";
import {frameTimes, onePixel, untilStill, type Drawn} from "./frames.ts";

/** Draws trajectories with the page's own plot, then zooms for a while. */
export async function drawOrrery(size: Size, seconds: number): Promise<Drawn> {
  const points = walks(size);
  const node = document.body.appendChild(document.createElement("div"));
  Object.assign(node.style, {width: "960px", height: "540px"});
  const palette = lightPalette;
  const begun = performance.now();
  const plot = trajectoryPlot(node, {
    palette,
    points,
    dims: [0, 1],
    axisTitles: ["x", "y"],
    names: Array.from({length: size.tokens}, String),
    chosen: [],
    init: undefined,
    step: size.steps - 1,
    hover: undefined,
    colourOf: colouring("step", {palette, lastStep: size.steps - 1, inits: size.inits}),
    lasso: false,
    basis: "",
    width: 960,
    height: 540,
    onHover: () => {},
    onPick: () => {},
    onLasso: () => {}
  });
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  for (const canvas of node.querySelectorAll("canvas")) onePixel(canvas);
  const first = performance.now() - begun;
  const times = await frameTimes(seconds, (frame) => plot.zoomBy(frame % 40 < 20 ? 1.05 : 1 / 1.05));
  const rest = await untilStill(node.querySelector("canvas") as HTMLCanvasElement);
  plot.destroy();
  node.remove();
  return {first, times, rest};
}
