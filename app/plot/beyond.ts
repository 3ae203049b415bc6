import type {Selection} from "d3";
import {beyondWords, trainedEnd} from "../../api/contract/choices.ts";
import type {Palette} from "./palette.ts";

/** What a plot over steps is told of the model's training. */
export interface TrainedProps {
  /** Steps that the model was trained with; what lies beyond is marked. Absent where it is not known. */
  readonly trained?: number | null;
}

interface BeyondProps extends TrainedProps {
  readonly palette: Palette;
  /** The last step of the axis. */
  readonly lastStep: number;
  /** Pixels of a step. */
  readonly x: (step: number) => number;
  /** Ends of the plot, pixels. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Hatches a strip of this height at the top only, where what lies below must stay legible; defaults to all of it. */
  readonly strip?: number;
  /** Baseline of the words; they are left out where it is undefined. */
  readonly words?: number;
  /** Where they end at the latest; defaults to the right end of the plot. */
  readonly wordsRight?: number;
}

type Group = Selection<SVGGElement, unknown, null, undefined>;

const LETTER = 5.6; // pixels of a letter of the words, on average
const GAP = 5;
let hatches = 0; // several pictures may stand in one document

/** Marks in a plot over steps where the trained ones end: a dashed hairline at the last of them, hatching and words beyond. Empties the group first. */
export function drawBeyond(group: Group, {trained, lastStep, ...props}: BeyondProps): void {
  group.selectAll("*").remove();
  const end = trainedEnd(trained, lastStep);
  if (end === undefined) return;
  const {palette, x, left, right, top, bottom, strip = bottom - top, words, wordsRight = right} = props;
  const at = Math.max(left, x(end)); // all of the plot may lie beyond
  group
    .append("rect")
    .attr("class", "beyond")
    .attr("x", at)
    .attr("y", top)
    .attr("width", Math.max(0, right - at))
    .attr("height", Math.max(0, strip))
    .attr("fill", hatch(group, palette));
  const line = `M${at} ${top}V${bottom}`;
  group.append("path").attr("d", line).attr("stroke", palette.paper).attr("stroke-width", 3).attr("stroke-opacity", 0.7);
  group.append("path").attr("class", "trained-end").attr("d", line).attr("stroke", palette.ink).attr("stroke-dasharray", "3 2");
  if (words !== undefined) writeBeyond(group, palette, beyondWords(end), {at, left, right: wordsRight, y: words});
}

/** The words right of the hairline; where they do not fit, left of it with an arrow, and at the very end where they fit nowhere. */
function writeBeyond(
  group: Group,
  palette: Palette,
  text: string,
  {at, left, right, y}: {at: number; left: number; right: number; y: number}
): void {
  const room = LETTER * text.length + GAP;
  const isRight = right - at >= room;
  const isLeft = !isRight && at - left >= room + 2 * LETTER;
  group
    .append("text")
    .attr("class", "beyond-words")
    .attr("x", isRight ? at + GAP : isLeft ? at - GAP : right)
    .attr("y", y)
    .attr("text-anchor", isRight ? "start" : "end")
    .attr("font-family", palette.font)
    .attr("font-size", 11)
    .attr("fill", palette.quiet)
    .attr("stroke", palette.paper)
    .attr("stroke-width", 3)
    .attr("paint-order", "stroke")
    .text(isLeft ? `${text} →` : text);
}

/** A fill of thin slanted lines, as a reference to it. */
function hatch(group: Group, palette: Palette): string {
  const id = `hatch-${++hatches}`;
  group
    .append("pattern")
    .attr("id", id)
    .attr("patternUnits", "userSpaceOnUse")
    .attr("width", 7)
    .attr("height", 7)
    .attr("patternTransform", "rotate(45)")
    .append("path")
    .attr("d", "M0 0V7")
    .attr("stroke", palette.faint)
    .attr("stroke-opacity", 0.55);
  return `url(#${id})`;
}
