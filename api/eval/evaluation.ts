import {classifyPath} from "../../analysis/patterns/classifyRun.ts";
import {pathOf, statesOf} from "../../analysis/states.ts";
import {parseExitRule} from "../../analysis/exit/exitRules.ts";
import type {Engine} from "../../capture/engine/engine.ts";
import type {EngineChoice} from "../../capture/engine/engineOptions.ts";
import {loadCheckpoint} from "../../capture/families/loadCheckpoint.ts";
import {cacheStrategy} from "../../capture/generate/cacheStrategy.ts";
import {stepAttentions} from "../../capture/generate/stepAttentions.ts";
import {startsOf} from "../../capture/generate/starts.ts";
import {iterate} from "../../capture/loop/iterate.ts";
import {modelHash} from "../../capture/model/modelHash.ts";
import type {Model} from "../../capture/model/family.ts";
import {loadTokenizer, type Tokenizer} from "../../capture/model/tokenizer.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import type {z} from "zod";
import type {evalOptions, EvalItem, EvalSetting, EvalSpec, EvalSummary, ItemResult} from "../contract/evalSchemas.ts";
import {answerItem} from "./answerItem.ts";
import {itemsHash, openEval} from "./evalFolder.ts";
import {settingsOf} from "./settingsOf.ts";
import {summaryOf} from "./summaryOf.ts";

type EvalOptions = z.infer<z.ZodObject<typeof evalOptions>>;

interface EvalRequest {
  /** The checkpoint's folder. */
  readonly model: string;
  readonly items: readonly EvalItem[];
  readonly options: EvalOptions;
}

interface EvaluateOptions {
  readonly engine: (choice: EngineChoice) => Promise<Engine>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: {readonly finished: number; readonly secondsLeft: number | null}) => void;
  readonly now?: () => Date;
}

/**
 * Answers every item under every setting and keeps a line for each in `dir`; goes on where it was interrupted. All demands are checked
 * before anything is computed. Rejects with the signal's reason when it is aborted: what is finished stays.
 */
export async function evaluate(
  dir: string,
  {model: folder, items, options}: EvalRequest,
  {engine: engineOf, signal, onProgress = () => {}, now = () => new Date()}: EvaluateOptions
): Promise<{readonly spec: EvalSpec; readonly results: readonly ItemResult[]; readonly summary: EvalSummary}> {
  const checkpoint = await loadCheckpoint(folder);
  await checkpoint.close();
  const {model} = checkpoint;
  const tokenizer = await loadTokenizer(folder, model);
  const settings = settingsOf(options);
  checkSettings(model, settings);
  items.forEach((item, i) => checkItem(item, i, {model, tokenizer, maxNew: options.max_new}));
  const {engine, dtype, device, max_new, seed, title} = options;
  const spec: EvalSpec = {
    schema: "orrery-eval/1",
    title: title ?? null,
    model: {name: checkpoint.name, hash: await modelHash(checkpoint), folder},
    items: {count: items.length, hash: itemsHash(items)},
    settings,
    max_new: max_new ?? null,
    seed,
    engine,
    dtype,
    device,
    created: now().toISOString()
  };
  const open = await openEval(dir, spec, items);
  const results = [...open.results];
  try {
    const loaded = results.length < items.length ? await engineOf({model: folder, engine, dtype, device}) : undefined;
    const begun = performance.now();
    const answered = async (index: number): Promise<ItemResult> => {
      const answer = {engine: loaded!, tokenizer, seed, maxNew: max_new, signal};
      const outcomes = [];
      for (const setting of settings) outcomes.push(await answerItem(items[index], setting, answer));
      const label = await labelOf(items[index], {...answer, settings});
      return {index, task: items[index].task, outcomes, label};
    };
    if (open.isDamaged) {
      const again = [];
      for (const index of open.damaged) again.push(await answered(index));
      await open.mend(again);
      results.push(...again);
    }
    for (let index = open.finished; index < items.length; ++index) {
      const result = await answered(index);
      await open.append(result);
      results.push(result);
      const each = (performance.now() - begun) / (results.length - open.results.length) / 1000;
      onProgress({finished: results.length, secondsLeft: each * (items.length - results.length)});
    }
  } finally {
    await open.close();
  }
  results.sort((a, b) => a.index - b.index);
  return {spec, results, summary: summaryOf(settings, results, items.length)};
}

function checkSettings(model: Model, settings: readonly EvalSetting[]): void {
  for (const {exit, kv} of settings) {
    cacheStrategy(kv, stepAttentions(model).length);
    if (exit === null) continue;
    const {rule} = parseExitRule(exit);
    if (rule.reads === "gate" && model.scalars.length === 0)
      throw new Refusal(`invalid exit rule: ${exit}; ${model.family} has no exit gate`);
  }
}

/** Throws a Refusal that names the item where its text does not fit the model. */
function checkItem(
  item: EvalItem,
  index: number,
  {model, tokenizer, maxNew}: {readonly model: Model; readonly tokenizer: Tokenizer; readonly maxNew?: number}
): void {
  try {
    const prompt = tokenizer.encode(item.prompt).length;
    if (item.kind === "choice") {
      for (const choice of item.choices)
        if (tokenizer.encode(item.prompt + choice).length <= prompt)
          throw new Refusal(`choice ${JSON.stringify(choice)} adds no token to the prompt`);
      return;
    }
    const answer = maxNew ?? (item.filter === "exact" ? tokenizer.encode(item.answer).length : 1);
    if (prompt + answer - 1 > model.maxTokens)
      throw new Refusal(`context too long: ${prompt} tokens of prompt and ${answer} of answer; the model takes at most ${model.maxTokens}`);
  } catch (cause) {
    throw new Refusal(`invalid item ${index + 1}: ${(cause as Error).message}`, {cause});
  }
}

const LEAST_STEPS = 16; // fewer states have no label

interface LabelOptions {
  readonly engine: Engine;
  readonly tokenizer: Tokenizer;
  readonly seed: number;
  readonly settings: readonly EvalSetting[];
  readonly signal?: AbortSignal;
}

/** What the prompt's last position, which answers, does over the deepest run. */
async function labelOf({prompt}: EvalItem, {engine, tokenizer, seed, settings, signal}: LabelOptions): Promise<string | null> {
  const steps = Math.max(...settings.map((setting) => setting.steps));
  if (steps < LEAST_STEPS) return null;
  const {model} = engine;
  const ids = tokenizer.encode(prompt);
  const {start} = await engine.begin(ids);
  const initial = startsOf(model, {seed, init: {kind: "normal", scale: 1}})(0, start);
  const path = new Float32Array((steps + 1) * model.width);
  for await (const {step, state} of iterate(engine, {ids, initial, inits: 1, steps, signal}))
    path.set(state.subarray(state.length - model.width), step * model.width);
  return classifyPath(pathOf(statesOf({steps: steps + 1, inits: 1, tokens: 1, width: model.width}, path), 0, 0)).pattern;
}
