import createScatterplot from "regl-scatterplot";
import {walks, type Size} from "./walks.ts";
import {frameTimes, onePixel, untilStill, type Drawn} from "./frames.ts";

export type Lines = "straight" | "splines" | "none";

const STRAIGHT = {pointConnectionTolerance: 10, pointConnectionMaxIntPointsPerSegment: 1}; // far beyond the picture: nothing between two points

/** Draws the same trajectories with regl-scatterplot and its point connections, then zooms for a while. */
export async function drawScatterplot(size: Size, seconds: number, lines: Lines): Promise<Drawn> {
  const {values, steps, inits, tokens} = walks(size);
  const paths = inits * tokens;
  const reach = Math.max(
    ...[0, 1].map((k) => values.reduce((most, value, i) => (i % 2 === k ? Math.max(most, Math.abs(value)) : most), 0))
  );
  const points: number[][] = [];
  for (let path = 0; path < paths; ++path) {
    for (let step = 0; step < steps; ++step) {
      const at = 2 * (step * paths + path);
      points.push([values[at] / reach, values[at + 1] / reach, 0, step / (steps - 1), path, step]);
    }
  }
  const canvas = document.body.appendChild(document.createElement("canvas"));
  Object.assign(canvas.style, {width: "960px", height: "540px"});
  const begun = performance.now();
  const plot = createScatterplot({
    canvas,
    width: 960,
    height: 540,
    pointSize: 1,
    showPointConnections: lines !== "none",
    pointConnectionSize: 1,
    ...(lines === "straight" && STRAIGHT)
  });
  await plot.draw(lines === "none" ? points.map((point) => point.slice(0, 4)) : points);
  onePixel(canvas);
  const first = performance.now() - begun;
  let distance = 1;
  const times = await frameTimes(seconds, (frame) => {
    distance *= frame % 40 < 20 ? 1 / 1.05 : 1.05;
    void plot.zoomToLocation([0, 0], distance);
  });
  const rest = await untilStill(canvas);
  plot.destroy();
  canvas.remove();
  return {first, times, rest};
}
