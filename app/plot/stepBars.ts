import {max, scaleBand, scaleLinear, type ScaleBand, type ScaleLinear} from "d3";
import {beyondNote, beyondSpan} from "../../api/contract/choices.ts";
import {drawBeyond, type TrainedProps} from "./beyond.ts";
import type {Palette} from "./palette.ts";
import type {Frame, Plot} from "./plot.ts";
import {svgPlot, type Svg} from "./svgPlot.ts";

export interface StepBarsProps extends Frame, TrainedProps {
  readonly palette: Palette;
  readonly title: string;
  /** Steps that each position took. */
  readonly steps: readonly number[];
}

const LEFT = 34;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 34;
const MOST_LABELS = 16;

/** How many positions left the loop at each step. */
export const stepBars = (node: HTMLElement, first: StepBarsProps): Plot<StepBarsProps> => svgPlot(node, first, drawStepBars);

function drawStepBars(svg: Svg, props: StepBarsProps): void {
  const {width, height, palette, title, steps, trained} = props;
  const most = max(steps) ?? 1;
  const counts = Array.from({length: most}, (_, i) => steps.filter((taken) => taken === i + 1).length);
  const x = scaleBand(
    counts.map((_, i) => i + 1),
    [LEFT, width - RIGHT]
  ).padding(0.15);
  const y = scaleLinear([0, max(counts) ?? 1], [height - BOTTOM, TOP]).nice();
  const told = counts.flatMap((count, i) => (count > 0 ? [`${count} at step ${i + 1}`] : []));
  svg.attr("aria-label", `${title}: ${told.join(", ")}${beyondSpan(trained, most)}`).attr("font-size", 12);
  drawCounts(svg, props, y);
  const after = (step: number): number => x(step)! + (x.bandwidth() + x.step()) / 2;
  const frame = {left: LEFT, right: width - RIGHT, top: TOP, bottom: height - BOTTOM, words: TOP + 10};
  drawBeyond(svg.append("g"), {palette, trained, lastStep: most, x: after, ...frame});
  drawBars(svg, props, counts, {x, y});
  svg
    .append("text")
    .attr("x", (LEFT + width - RIGHT) / 2)
    .attr("y", height - 4)
    .attr("text-anchor", "middle")
    .attr("fill", palette.quiet)
    .text("step at which a position left");
}

/** The axis of counts. */
function drawCounts(svg: Svg, {width, palette}: StepBarsProps, y: ScaleLinear<number, number>): void {
  for (const tick of y.ticks(3).filter(Number.isInteger)) {
    svg
      .append("path")
      .attr("d", `M${LEFT} ${y(tick)}H${width - RIGHT}`)
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
}

function drawBars(
  svg: Svg,
  {height, palette, trained}: StepBarsProps,
  counts: readonly number[],
  {x, y}: {x: ScaleBand<number>; y: ScaleLinear<number, number>}
): void {
  const every = Math.ceil(counts.length / MOST_LABELS);
  counts.forEach((count, i) => {
    const step = i + 1;
    const bar = svg.append("g");
    bar.append("title").text(`${count} left at step ${step}${beyondNote(trained, step)}`);
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
}
