import {max, scaleBand, scaleLinear} from "d3";
import type {Palette} from "./palette.ts";
import type {Frame, Plot} from "./plot.ts";
import {svgPlot, type Svg} from "./svgPlot.ts";

export interface StepBarsProps extends Frame {
  readonly palette: Palette;
  readonly title: string;
  /** Steps that each position took. */
  readonly steps: readonly number[];
}

const LEFT = 34;
const BOTTOM = 34;
const MOST_LABELS = 16;

/** How many positions left the loop at each step. */
export const stepBars = (node: HTMLElement, first: StepBarsProps): Plot<StepBarsProps> => svgPlot(node, first, drawStepBars);

function drawStepBars(svg: Svg, {width, height, palette, title, steps}: StepBarsProps): void {
  const most = max(steps) ?? 1;
  const counts = Array.from({length: most}, (_, i) => steps.filter((taken) => taken === i + 1).length);
  const x = scaleBand(
    counts.map((_, i) => i + 1),
    [LEFT, width - 8]
  ).padding(0.15);
  const y = scaleLinear([0, max(counts) ?? 1], [height - BOTTOM, 8]).nice();
  svg
    .attr("aria-label", `${title}: ${counts.flatMap((count, i) => (count > 0 ? [`${count} at step ${i + 1}`] : [])).join(", ")}`)
    .attr("font-size", 12);
  for (const tick of y.ticks(3).filter(Number.isInteger)) {
    svg
      .append("path")
      .attr("d", `M${LEFT} ${y(tick)}H${width - 8}`)
      .attr("stroke", palette.line);
    svg
      .append("text")
      .attr("x", LEFT - 6)
      .attr("y", y(tick))
      .attr("dy", "0.35em")
      .attr("text-anchor", "end")
      .attr("fill", palette.quiet)
      .text(tick);
  }
  const every = Math.ceil(most / MOST_LABELS);
  counts.forEach((count, i) => {
    const step = i + 1;
    const bar = svg.append("g");
    bar.append("title").text(`${count} left at step ${step}`);
    bar
      .append("rect")
      .attr("x", x(step)!)
      .attr("width", x.bandwidth())
      .attr("y", y(count))
      .attr("height", y(0) - y(count))
      .attr("fill", palette.labels.converging);
    if (step % every === 0 || step === 1)
      bar
        .append("text")
        .attr("x", x(step)! + x.bandwidth() / 2)
        .attr("y", height - BOTTOM + 15)
        .attr("text-anchor", "middle")
        .attr("fill", palette.quiet)
        .text(step);
  });
  svg
    .append("text")
    .attr("x", (LEFT + width - 8) / 2)
    .attr("y", height - 4)
    .attr("text-anchor", "middle")
    .attr("fill", palette.quiet)
    .text("step at which a position left");
}
