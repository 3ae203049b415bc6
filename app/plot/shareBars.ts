import {scaleLinear} from "d3";
import {formatShare, shortened, textWidth} from "./format.ts";
import type {Palette} from "./palette.ts";
import type {Frame, Plot} from "./plot.ts";
import {svgPlot, type Svg} from "./svgPlot.ts";

export interface ShareBar {
  readonly name: string;
  readonly share: number;
  /** 95 %; undefined where there is none. */
  readonly interval?: readonly [number, number];
  /** Said at the end of the bar: how many of how many. */
  readonly note: string;
}

export interface ShareBarsProps extends Frame {
  readonly palette: Palette;
  /** What the shares are of. */
  readonly title: string;
  readonly bars: readonly ShareBar[];
}

const TOP = 4;
const ROW = 22;
const TALL_ROW = 40;
const NAME = 148;
const NOTE = 152; // at least; a longer one takes what it needs

/** Room that so many bars take, in pixels: a line each, or two where it is narrow, with name and note above the bar. */
export const shareBarsHeight = (bars: number, {tall = false}: {readonly tall?: boolean} = {}): number =>
  TOP + (tall ? TALL_ROW : ROW) * bars + 4;

/** Shares from 0 to 1 as bars, each with the interval that it may lie in; in two lines each where the room is high enough for that. */
export const shareBars = (node: HTMLElement, first: ShareBarsProps): Plot<ShareBarsProps> => svgPlot(node, first, drawBars);

function drawBars(svg: Svg, {width, height, palette, title, bars}: ShareBarsProps): void {
  const tall = height >= shareBarsHeight(bars.length, {tall: true});
  const pitch = tall ? TALL_ROW : ROW;
  const said = ({share, note}: ShareBar): string => `${formatShare(share)} · ${note}`;
  const room = Math.max(NOTE, 10 + Math.max(...bars.map((bar) => textWidth(said(bar)))));
  const most = ({name}: ShareBar): number => Math.floor((width - 10 - textWidth(name)) / textWidth("0")); // characters beside a name
  const x = scaleLinear([0, 1], tall ? [1, width - 1] : [NAME, Math.max(NAME + 40, width - room)]);
  svg
    .attr("aria-label", `${title}: ${bars.map(({name, share, note}) => `${name} ${formatShare(share)}, ${note}`).join("; ")}`)
    .attr("font-size", 12);
  bars.forEach((bar, i) => {
    const {name, share, interval, note} = bar;
    const words = TOP + i * pitch + ROW / 2;
    const middle = tall ? words + 18 : words;
    const row = svg.append("g");
    row
      .append("title")
      .text(
        `${name}: ${formatShare(share)}, ${note}${interval ? `; 95 % ${formatShare(interval[0])} to ${formatShare(interval[1])}` : ""}`
      );
    row
      .append("text")
      .attr("x", tall ? 0 : NAME - 8)
      .attr("y", words)
      .attr("dy", "0.35em")
      .attr("text-anchor", tall ? "start" : "end")
      .attr("fill", palette.ink)
      .text(name);
    row
      .append("rect")
      .attr("x", x(0))
      .attr("y", middle - 6)
      .attr("width", x(1) - x(0))
      .attr("height", 12)
      .attr("fill", palette.line)
      .attr("fill-opacity", 0.55);
    row
      .append("rect")
      .attr("x", x(0))
      .attr("y", middle - 6)
      .attr("width", Math.max(0, x(share) - x(0)))
      .attr("height", 12)
      .attr("fill", palette.labels.converging);
    if (interval) {
      const [low, high] = interval.map(x);
      row
        .append("path")
        .attr("d", `M${low} ${middle - 4}v8M${low} ${middle}H${high}M${high} ${middle - 4}v8`)
        .attr("fill", "none")
        .attr("stroke", palette.ink)
        .attr("stroke-width", 1.25);
    }
    row
      .append("text")
      .attr("x", tall ? width : x(1) + 10)
      .attr("y", words)
      .attr("dy", "0.35em")
      .attr("text-anchor", tall ? "end" : "start")
      .attr("fill", palette.quiet)
      .text(tall ? shortened(said(bar), most(bar)) : said(bar));
  });
}
