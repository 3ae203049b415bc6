import {sensitivityOf, type TokenSensitivity} from "../../capture/experiment/sensitivity.ts";
import {mixed} from "../../capture/experiment/starts.ts";
import type {EngineChoice} from "../../capture/engine/engineOptions.ts";
import {loadEngine} from "../../capture/engine/loadEngine.ts";
import {loadTokenizer} from "../../capture/model/tokenizer.ts";
import type {ExperimentPrompt} from "../contract/experimentSchemas.ts";
import {promptInputs} from "../experiments/promptInputs.ts";
import {counted} from "../../capture/trace/counted.ts";
import {print} from "./print.ts";

interface SensitivityOrder extends EngineChoice {
  readonly prompts: readonly ExperimentPrompt[];
  readonly steps: number;
  /** Disturbed starts of each prompt. */
  readonly draws: number;
  readonly epsilon: number;
  readonly seed: number;
  readonly batch?: number;
  readonly json: boolean;
}

interface PromptSensitivity {
  readonly prompt: string;
  readonly tokens: readonly (TokenSensitivity & {readonly index: number; readonly text: string})[];
}

/** What becomes of a small change of the start, for models in which another start is another input and in any other: printed, and nothing is written. */
export async function printSensitivity(order: SensitivityOrder): Promise<void> {
  const {model, engine: kind, dtype, device, prompts, steps, draws, epsilon, seed, batch, json} = order;
  const engine = await loadEngine(model, {engine: kind, dtype, device});
  try {
    const tokenizer = await loadTokenizer(model, engine.model);
    const results: PromptSensitivity[] = [];
    for (const [i, {ids}] of promptInputs(prompts, tokenizer).entries()) {
      const found = await sensitivityOf(engine, {ids, steps, draws, epsilon, seed: mixed(seed, i), batch});
      const tokens = tokenizer.tokens(ids).map(({text}, index) => ({index, text, ...found[index]}));
      results.push({prompt: prompts[i].prompt, tokens});
    }
    const summary = {...summaryOf(results), epsilon, draws, steps, family: engine.model.family};
    if (json) return await print(JSON.stringify({prompts: results, summary}));
    for (const line of sentencesOf(summary)) await print(line);
  } finally {
    await engine.dispose();
  }
}

function summaryOf(results: readonly PromptSensitivity[]) {
  const tokens = results.flatMap((result) => result.tokens);
  const count = (holds: (token: TokenSensitivity) => boolean) => tokens.filter(holds).length;
  return {
    prompts: results.length,
    tokens: tokens.length,
    growing: count(({growth}) => growth > 0),
    shrinking: count(({growth}) => growth < 0),
    not_told: count(({growth}) => Number.isNaN(growth)),
    kept: tokens.reduce((sum, {kept}) => sum + kept, 0) / tokens.length
  };
}

const sentencesOf = (summary: ReturnType<typeof summaryOf> & {epsilon: number; draws: number; steps: number; family: string}): string[] => [
  `${counted(summary.prompts, "prompt")}, ${counted(summary.tokens, "token")}, ${counted(summary.draws, "start")} each, ${summary.epsilon} of the start's size away, ${counted(summary.steps, "step")} of ${summary.family}`,
  `the distance grows in ${counted(summary.growing, "token")}, shrinks in ${summary.shrinking}, and is too soon large or lost in rounding in ${summary.not_told}`,
  `${(100 * summary.kept).toFixed(1)} % of the likeliest tokens at the end are those of the undisturbed start`
];
