import {numberedToken} from "../../capture/trace/numberedToken.ts";
import {recordGaps} from "../../analysis/paths/gaps.ts";
import {pairsOf} from "../../analysis/paths/pairs.ts";
import {promptPaths, type PromptRuns} from "../../analysis/paths/promptPaths.ts";
import {recordTail, tailLengthOf} from "../../analysis/paths/tail.ts";
import {seededRandom} from "../../analysis/random.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import type {Tensor} from "../../capture/trace/safetensors.ts";
import {promptResultOf} from "../experiments/promptResult.ts";
import type {RunReport} from "../contract/reportData.ts";

const BOOTSTRAP_SEED = 0; // the same intervals each time
const FEWEST_STEPS = 4;

interface RunPathsOptions {
  /** top_ids of the readout, [steps, inits, tokens, k]; undefined where there is none. */
  readonly topIds: Tensor | undefined;
  /** Texts of ids. */
  readonly words: Readonly<Record<string, string>>;
}

/**
 * Path independence over a run's own initial states, which are taken as the sample that the claim is about, whatever they were drawn
 * from. Steps are read one at a time.
 */
export async function runPaths(reader: TraceReader, {topIds, words}: RunPathsOptions): Promise<Pick<RunReport, "paths" | "no_paths">> {
  const {inits, tokens, width, steps_written: last, prompt} = reader.trace;
  const reason = whyNot(reader);
  if (reason) return {paths: null, no_paths: reason};
  const gaps = recordGaps({tokens: tokens.length, width, pairs: pairsOf(inits.length)});
  const tail = recordTail({tokens: tokens.length, width, starts: inits.length, length: tailLengthOf(last)});
  for (let step = 0; step <= last; ++step) {
    const {data} = await reader.readSite("state", {steps: [step, step]});
    gaps.push(data);
    tail.push(data);
  }
  const runs: PromptRuns = {
    starts: inits.map(() => ({kind: "normal", scale: 1})),
    gaps: gaps.gaps(),
    tail: tail.tail(),
    answers: topIds ? answersOf(topIds) : [],
    finalTop: topIds ? answersOf(topIds).at(-1)!.top : new Int32Array(0)
  };
  const found = promptPaths(runs, {random: seededRandom(BOOTSTRAP_SEED)});
  const textOf = (ids: readonly number[]): string => ids.map((id) => words[id] ?? numberedToken(id)).join("");
  return {
    paths: promptResultOf(found, {index: 0, prompt: {prompt: prompt ?? ""}, seed: inits[0].seed ?? 0, tokens, runs, textOf}),
    no_paths: null
  };
}

function whyNot({trace: {inits, steps_written}}: TraceReader): string | undefined {
  if (inits.every(({kind}) => kind === "own" || kind === "near"))
    return "The model starts from its input and is not given it again: another start is another input, and path independence is not defined.";
  if (inits.length < 2) return "The run has one initial state; path independence needs at least two.";
  if (inits.every(({kind}) => kind === "zero" || kind === "constant"))
    return "All initial states of the run are equal, so nothing can be said about path independence.";
  if (steps_written < FEWEST_STEPS) return `The run has ${steps_written} steps; path independence needs at least ${FEWEST_STEPS}.`;
  return undefined;
}

/** The likeliest ids by step. A trace does not keep the logits, so the divergence between initial states is not known. */
function answersOf({shape: [steps, inits, tokens, top], data}: Tensor): PromptRuns["answers"] {
  return Array.from({length: steps}, (_, step) => ({
    top: Int32Array.from({length: inits * tokens}, (_, i) => Number(data[(step * inits * tokens + i) * top])),
    divergence: new Float64Array(tokens).fill(NaN)
  }));
}
