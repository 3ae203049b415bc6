import type {ExperimentReport} from "../../api/contract/reportData.ts";
import {gapsOf, type GapFigures} from "./runFigures.ts";

/** An experiment's prompts as the figures draw them: whole sequences, a line for each. */
export function experimentFigures({results, summary}: ExperimentReport): GapFigures {
  const gaps = gapsOf(results.map(({sequence}) => sequence));
  return {
    gaps,
    gapFloor: Math.max(0, ...results.map(({sequence}) => sequence.noise_floor)),
    names: results.map(({prompt}) => shortened(prompt.trim())),
    texts: results.map(({prompt}) => prompt),
    lastStep: gaps.steps - 1,
    trained: summary.trained_steps
  };
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
