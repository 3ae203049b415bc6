import {STATE} from "../../capture/model/site.ts";
import {numberedToken} from "../../capture/trace/numberedToken.ts";
import {recordGaps} from "../../analysis/paths/gaps.ts";
import {pairsOf} from "../../analysis/paths/pairs.ts";
import {sequencePaths, tokenPaths, type PromptRuns, type UnitPaths} from "../../analysis/paths/promptPaths.ts";
import {recordTail, tailLengthOf} from "../../analysis/paths/tail.ts";
import {seededRandom} from "../../analysis/random.ts";
import type {States} from "../../analysis/states.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import type {Tensor} from "../../capture/trace/safetensors.ts";
import {evenly, sliceStates, tokenChunks, tokensAtOnce} from "../analyses/siteStates.ts";
import {promptResultOf} from "../experiments/promptResult.ts";
import type {RunReport} from "../contract/reportData.ts";

const BOOTSTRAP_SEED = 0; // the same intervals each time
const FEWEST_STEPS = 4;

interface RunPathsOptions {
  /** top_ids of the readout, [steps, inits, tokens, k]; undefined where there is none. */
  readonly topIds: Tensor | undefined;
  /** Texts of ids. */
  readonly words: Readonly<Record<string, string>>;
  /** Trajectories with a number that is not finite; defaults to none. */
  readonly bad?: readonly {readonly token: number; readonly init: number}[];
  /** Bytes of float32 numbers in memory at once; defaults to 256 MiB. */
  readonly most?: number;
}

/**
 * Path independence over a run's own initial states, which are taken as the sample that the claim is about, whatever they were drawn
 * from. Tokens are read some at a time; the sequence is all of them as one vector, or, where they are more than are read at once, as many, evenly
 * spaced. Initial states that are finite at no token are no part of it, nor are tokens that are not finite from each of the others.
 */
export async function runPaths(
  reader: TraceReader,
  {topIds, words, bad = [], most}: RunPathsOptions
): Promise<
  Pick<RunReport, "paths" | "no_paths"> & {readonly sampled?: number; readonly leftOut?: {readonly tokens: number; readonly inits: number}}
> {
  const {inits, tokens, prompt} = reader.trace;
  const {starts, sound} = soundOf(reader, bad);
  const reason = whyNot(reader) ?? whyNotSound(starts, sound);
  if (reason) return {paths: null, no_paths: reason};
  const options = {random: seededRandom(BOOTSTRAP_SEED)};
  const found: UnitPaths[] = [];
  let runs: PromptRuns | undefined;
  const answersAt = (some: readonly number[]) => topIds && answersOf(topIds, some, starts);
  for await (const {tokens: some, states} of tokenChunks(reader, STATE, {only: sound, inits: starts, most})) {
    runs = runsOf(states, answersAt(some));
    found.push(...tokenPaths(runs, options));
  }
  const sample = evenly(sound, tokensAtOnce(reader, STATE, {most}));
  const isSampled = sample.length < sound.length;
  if (isSampled) runs = runsOf(sliceStates(await reader.readSite(STATE, {tokens: sample, inits: starts})), undefined);
  const paths = {tokens: found, ...sequencePaths(runs!, options)};
  const textOf = (ids: readonly number[]): string => ids.map((id) => words[id] ?? numberedToken(id)).join("");
  const all = {...runs!, finalTop: answersAt(sound)?.at(-1)?.top ?? new Int32Array(0)};
  const seed = inits[0].seed ?? 0;
  const soundTokens = sound.map((token) => tokens[token]);
  const result = promptResultOf(paths, {index: 0, prompt: {prompt: prompt ?? ""}, seed, tokens: soundTokens, runs: all, textOf});
  return {
    paths: {...result, tokens: result.tokens.map((unit, i) => ({...unit, index: sound[i]}))},
    no_paths: null,
    ...(isSampled && {sampled: sample.length}),
    ...(bad.length > 0 && {leftOut: {tokens: tokens.length - sound.length, inits: inits.length - starts.length}})
  };
}

/** What is kept of some tokens' states, all steps of all initial states. */
function runsOf({steps, inits, tokens, width, data}: States, answers: PromptRuns["answers"] = []): PromptRuns {
  const gaps = recordGaps({tokens, width, pairs: pairsOf(inits)});
  const tail = recordTail({tokens, width, starts: inits, length: tailLengthOf(steps - 1)});
  const slab = inits * tokens * width;
  for (let step = 0; step < steps; ++step) {
    const own = data.subarray(step * slab, (step + 1) * slab);
    gaps.push(own);
    tail.push(own);
  }
  return {
    starts: Array.from({length: inits}, () => ({kind: "normal", scale: 1})),
    gaps: gaps.gaps(),
    tail: tail.tail(),
    answers,
    finalTop: answers.at(-1)?.top ?? new Int32Array(0)
  };
}

/** The initial states that are finite at some token, and the tokens that are finite from all of these. */
function soundOf(
  {trace: {inits, tokens}}: TraceReader,
  bad: readonly {readonly token: number; readonly init: number}[]
): {readonly starts: readonly number[]; readonly sound: readonly number[]} {
  const starts = [...inits.keys()].filter((start) => bad.filter(({init}) => init === start).length < tokens.length);
  const broken = new Set(bad.flatMap(({token, init}) => (starts.includes(init) ? [token] : [])));
  return {starts, sound: [...tokens.keys()].filter((token) => !broken.has(token))};
}

function whyNotSound(starts: readonly number[], sound: readonly number[]): string | undefined {
  if (starts.length < 2)
    return `${starts.length === 1 ? "One initial state has" : "No initial state has"} finite numbers; path independence needs at least two.`;
  return sound.length === 0 ? "No token has finite numbers from all initial states." : undefined;
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

/** The likeliest ids of some tokens by step, from some initial states. A trace does not keep the logits, so the divergence between initial states is not known. */
function answersOf(
  {shape: [steps, inits, all, top], data}: Tensor,
  tokens: readonly number[],
  starts: readonly number[]
): PromptRuns["answers"] {
  return Array.from({length: steps}, (_, step) => ({
    top: Int32Array.from({length: starts.length * tokens.length}, (_, i) => {
      const [init, token] = [starts[Math.floor(i / tokens.length)], tokens[i % tokens.length]];
      return Number(data[((step * inits + init) * all + token) * top]);
    }),
    divergence: new Float64Array(tokens.length).fill(NaN)
  }));
}
