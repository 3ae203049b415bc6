import {max, scaleLinear, scaleLog} from "d3";
import {formatShort} from "./format.ts";
import {tokenColour, type Palette} from "./palette.ts";
import type {Frame, Plot} from "./plot.ts";
import {svgPlot, type Svg} from "./svgPlot.ts";

/** What one threshold of a rule saves and costs. */
interface TradePoint {
  readonly threshold: number;
  /** Share of the steps, 0 to 1. */
  readonly saved: number;
  /** Mean KL to the full run, nats; null where it is not known. */
  readonly kl: number | null;
  readonly same: number;
}

interface TradeCurve {
  readonly name: string;
  /** The rule's own threshold. */
  readonly usual: number;
  readonly points: readonly TradePoint[];
}

export interface TradePlotProps extends Frame {
  readonly palette: Palette;
  readonly curves: readonly TradeCurve[];
}

const LEFT = 52;
const RIGHT = 12;
const TOP = 8;
const BOTTOM = 34;
const LEAST_KL = 1e-9; // nats: what is below is drawn there, as 0 has no place on a log axis

/** Steps saved against KL to the full run, a curve for each rule; the ring is its own threshold. */
export const tradePlot = (node: HTMLElement, first: TradePlotProps): Plot<TradePlotProps> => svgPlot(node, first, drawTrades);

function drawTrades(svg: Svg, {width, height, palette, curves}: TradePlotProps): void {
  const known = curves.map((curve) => ({...curve, points: curve.points.filter(({kl}) => kl !== null)}));
  const most = max(known.flatMap(({points}) => points.map(({kl}) => kl!))) ?? 1;
  const x = scaleLinear([0, 1], [LEFT, width - RIGHT]);
  const y = scaleLog([LEAST_KL, Math.max(most, 10 * LEAST_KL)], [height - BOTTOM, TOP]).clamp(true);
  svg.attr("aria-label", `Steps saved and KL to the full run: ${curves.map(({name}) => name).join(", ")}`).attr("font-size", 12);
  for (let decade = -9; decade <= Math.log10(most); decade += 3) drawTick(svg, {at: y(10 ** decade), text: `1e${decade}`, width, palette});
  for (const share of [0, 0.25, 0.5, 0.75, 1])
    svg
      .append("text")
      .attr("x", x(share))
      .attr("y", height - BOTTOM + 15)
      .attr("text-anchor", "middle")
      .attr("fill", palette.quiet)
      .text(`${100 * share} %`);
  svg
    .append("text")
    .attr("x", (LEFT + width) / 2)
    .attr("y", height - 4)
    .attr("text-anchor", "middle")
    .attr("fill", palette.quiet)
    .text("steps saved");
  known.forEach(({name, usual, points}, i) => {
    const colour = tokenColour(palette, i);
    const place = ({saved, kl}: TradePoint): string => `${x(saved)} ${y(Math.max(LEAST_KL, kl!))}`;
    svg
      .append("path")
      .attr("d", points.map((point, k) => `${k === 0 ? "M" : "L"}${place(point)}`).join(""))
      .attr("fill", "none")
      .attr("stroke", colour)
      .attr("stroke-width", 1.5);
    for (const point of points) {
      const [cx, cy] = place(point).split(" ");
      const own = point.threshold === usual;
      const dot = svg
        .append("circle")
        .attr("cx", cx)
        .attr("cy", cy)
        .attr("r", own ? 5 : 2.5)
        .attr("fill", own ? palette.paper : colour);
      dot.attr("stroke", colour).attr("stroke-width", own ? 2 : 0);
      dot
        .append("title")
        .text(
          `${name} at ${formatShort(point.threshold)}: ${(100 * point.saved).toFixed(0)} % of the steps saved, KL ${formatShort(point.kl!)} nats, ${(100 * point.same).toFixed(1)} % the same answers`
        );
    }
  });
}

function drawTick(svg: Svg, {at, text, width, palette}: {at: number; text: string; width: number; palette: Palette}): void {
  svg
    .append("path")
    .attr("d", `M${LEFT} ${at}H${width - RIGHT}`)
    .attr("stroke", palette.line);
  svg
    .append("text")
    .attr("x", LEFT - 6)
    .attr("y", at)
    .attr("dy", "0.35em")
    .attr("text-anchor", "end")
    .attr("fill", palette.quiet)
    .text(text);
}
