import {promptPaths} from "../../analysis/paths/promptPaths.ts";
import {seededRandom} from "../../analysis/random.ts";
import type {Engine} from "../../capture/engine/engine.ts";
import {mixed, startsOf} from "../../capture/experiment/starts.ts";
import type {Tokenizer} from "../../capture/model/tokenizer.ts";
import type {ExperimentPrompt, ExperimentSpec, PromptResult} from "../contract/experimentSchemas.ts";
import {promptResultOf} from "./promptResult.ts";
import {finalStateOf, runPrompt, type PromptInput} from "./runPrompt.ts";

interface PromptJobParts {
  readonly spec: ExperimentSpec;
  readonly prompts: readonly ExperimentPrompt[];
  readonly inputs: readonly PromptInput[];
  readonly tokenizer: Tokenizer;
  readonly engine: Engine;
  /** Starts computed in one pass; defaults to all of a prompt. */
  readonly batch?: number;
  /** Stops between two steps with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What turns a prompt's index into its line of the results; the line depends on the spec and the prompts alone. */
export type PromptJob = (index: number) => Promise<PromptResult>;

/** The seed of a prompt's starts, from the experiment's seed and the prompt's place. */
export const promptSeed = ({seed}: Pick<ExperimentSpec, "seed">, index: number): number => mixed(seed, index);

export function promptJob(parts: PromptJobParts): PromptJob {
  const {spec, prompts, inputs, tokenizer, engine, batch, signal} = parts;
  const {inits, noise, swaps, scales, scale_inits: scaleInits, constants, steps, answers, tolerance, resamples} = spec;
  let donors: Promise<readonly Donor[]> | undefined;
  return async (index) => {
    const input = inputs[index];
    const seed = promptSeed(spec, index);
    const others = (await (donors ??= donorStates(parts))).filter(({key}) => key !== keyOf(input)).slice(0, swaps);
    const starts = startsOf({inits, noise, swaps, scales: scales.filter((scale) => scale !== 1), scaleInits, constants}, others.length);
    const runs = await runPrompt(engine, input, {starts, seed, donors: others.map(({state}) => state), steps, answers, batch, signal});
    const paths = promptPaths(runs, {random: seededRandom(mixed(seed, 1)), tolerance, resamples});
    return promptResultOf(paths, {
      index,
      prompt: prompts[index],
      seed,
      tokens: tokenizer.tokens(input.ids),
      runs,
      textOf: (ids) => tokenizer.decode(ids)
    });
  };
}

interface Donor {
  readonly key: string;
  /** Final state [tokens, width]. */
  readonly state: Float32Array;
}

const keyOf = ({ids}: PromptInput): string => ids.join();

/**
 * Final states of a few prompts drawn by the seed, at which others begin in AA(swap): one more than a prompt needs, since none begins at its own. Computed
 * again in every process and when an experiment goes on, which costs less than keeping them.
 */
async function donorStates({spec, inputs, engine, signal}: PromptJobParts): Promise<readonly Donor[]> {
  if (spec.swaps === 0) return [];
  const random = seededRandom(spec.seed);
  const order = inputs.map((_, index) => index);
  for (let i = order.length - 1; i > 0; --i) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  const chosen = new Map<string, number>(); // by their tokens: a prompt that stands twice is one
  for (const index of order) if (chosen.size <= spec.swaps && !chosen.has(keyOf(inputs[index]))) chosen.set(keyOf(inputs[index]), index);
  const donors: Donor[] = [];
  for (const [key, prompt] of chosen)
    donors.push({key, state: await finalStateOf(engine, inputs[prompt].ids, {seed: promptSeed(spec, prompt), steps: spec.steps, signal})});
  return donors;
}
