import {axisBottom, axisLeft, type ScaleLinear, type Selection} from "d3";
import {formatNumber, powerText, sharedPower} from "./format.ts";
import type {Palette} from "./palette.ts";
import {styleAxis} from "./styleAxis.ts";

interface PlaneFrameProps {
  readonly palette: Palette;
  readonly width: number;
  readonly height: number;
  readonly axisTitles: readonly [string, string];
  readonly margin: {readonly top: number; readonly right: number; readonly bottom: number; readonly left: number};
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
}

type Group = Selection<SVGGElement, unknown, null, undefined>;

/** Grid, figures and titles of a plane. */
export function planeFrame(svg: Selection<SVGSVGElement, unknown, null, undefined> | Group): (props: PlaneFrameProps) => void {
  const [gx, gy, titles] = [svg.append("g"), svg.append("g"), svg.append("g")];
  return ({palette, width, height, axisTitles, margin, x, y}) => {
    const power = sharedPower([...x.domain(), ...y.domain()]);
    const figure = (value: unknown): string => formatNumber(Number(value) / 10 ** power);
    const titled = (text: string): string => (power === 0 ? text : `${text} × ${powerText(power)}`);
    const ticks = (length: number): number => Math.max(2, Math.round(length / 90));
    gx.attr("transform", `translate(0,${height - margin.bottom})`)
      .call(
        axisBottom(x)
          .ticks(ticks(width))
          .tickSize(-(height - margin.top - margin.bottom))
          .tickFormat(figure)
      )
      .call(styleAxis, palette);
    gy.attr("transform", `translate(${margin.left},0)`)
      .call(
        axisLeft(y)
          .ticks(ticks(height))
          .tickSize(-(width - margin.left - margin.right))
          .tickFormat(figure)
      )
      .call(styleAxis, palette);
    drawTitles(titles, palette, [
      {text: titled(axisTitles[0]), transform: `translate(${width - margin.right},${height - 6})`},
      {text: titled(axisTitles[1]), transform: `translate(12,${margin.top}) rotate(-90)`}
    ]);
  };
}

function drawTitles(group: Group, {font, quiet}: Palette, titles: readonly {text: string; transform: string}[]): void {
  group
    .selectAll("text")
    .data(titles)
    .join("text")
    .attr("transform", ({transform}) => transform)
    .attr("text-anchor", "end")
    .attr("font-family", font)
    .attr("font-size", 12)
    .attr("fill", quiet)
    .text(({text}) => text);
}
