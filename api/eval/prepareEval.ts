import type {z} from "zod";
import {parseExitRule} from "../../analysis/exit/exitRules.ts";
import {loadCheckpoint} from "../../capture/families/loadCheckpoint.ts";
import {cacheStrategy} from "../../capture/generate/cacheStrategy.ts";
import {stepAttentions} from "../../capture/generate/stepAttentions.ts";
import type {Model} from "../../capture/model/family.ts";
import {modelHash} from "../../capture/model/modelHash.ts";
import {notOffered} from "../../capture/model/notOffered.ts";
import {loadTokenizer} from "../../capture/model/tokenizer.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {EVAL_SCHEMA, type EvalCost, type EvalItem, type evalOptions, type EvalSetting, type EvalSpec} from "../contract/evalSchemas.ts";
import {itemsHash} from "./evalFolder.ts";
import {itemTokens, positionsOf, type ItemTokens} from "./itemTokens.ts";
import {LEAST_STEPS} from "./labelOf.ts";
import {settingsOf} from "./settingsOf.ts";

export type EvalOptions = z.infer<z.ZodObject<typeof evalOptions>>;

export interface EvalRequest {
  /** The checkpoint's folder. */
  readonly model: string;
  readonly items: readonly EvalItem[];
  readonly options: EvalOptions;
  /** Who asked for it; null where nobody has a name. */
  readonly owner?: string | null;
}

export interface PreparedEval {
  readonly spec: EvalSpec;
  readonly cost: EvalCost;
}

/** Checks every demand against the model, without loading its weights. Throws a Refusal that names the item, the rule or the strategy. */
export async function prepareEval({model: folder, items, options, owner = null}: EvalRequest, now: () => Date): Promise<PreparedEval> {
  const checkpoint = await loadCheckpoint(folder);
  await checkpoint.close();
  const {model} = checkpoint;
  const tokenizer = await loadTokenizer(folder, model);
  const settings = settingsOf(options);
  checkSettings(model, settings);
  const tokens = items.map((item, i) => tokensOf(item, i, {model, tokenizer, maxNew: options.max_new}));
  const {engine, dtype, device, max_new, seed, title} = options;
  const spec: EvalSpec = {
    schema: EVAL_SCHEMA,
    title: title ?? null,
    owner,
    model: {name: checkpoint.name, hash: await modelHash(checkpoint), trained_steps: model.trainedSteps},
    items: {count: items.length, hash: itemsHash(items)},
    settings,
    max_new: max_new ?? null,
    seed,
    engine,
    dtype,
    device,
    created: now().toISOString()
  };
  return {spec, cost: costOf(items, tokens, settings)};
}

function checkSettings(model: Model, settings: readonly EvalSetting[]): void {
  for (const {exit, kv} of settings) {
    cacheStrategy(kv, stepAttentions(model).length);
    if (exit === null) continue;
    const {rule} = parseExitRule(exit);
    const lacking = rule.reads === "gate" ? notOffered(model).exit_gate : undefined;
    if (lacking !== undefined) throw new Refusal(`invalid exit rule: ${exit}; ${lacking}`);
  }
}

/** Throws a Refusal that names the item where its text does not fit the model. */
function tokensOf(item: EvalItem, index: number, options: Parameters<typeof itemTokens>[1]): ItemTokens {
  try {
    return itemTokens(item, options);
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    throw new Refusal(`invalid item ${index + 1}${item.id === undefined ? "" : ` (id ${item.id})`}: ${cause.message}`, {cause});
  }
}

const LINE_BYTES = 120; // of a result, without its outcomes: their names, the label, the seal
const OUTCOME_BYTES = 150; // with an answer of a few words

function costOf(items: readonly EvalItem[], tokens: readonly ItemTokens[], settings: readonly EvalSetting[]): EvalCost {
  const tasks = new Map<string, number>();
  for (const {task} of items) tasks.set(task, (tasks.get(task) ?? 0) + 1);
  const positions = tokens.reduce((sum, one) => sum + positionsOf(one), 0);
  const steps = settings.reduce((sum, setting) => sum + setting.steps, 0);
  const deepest = Math.max(...settings.map((setting) => setting.steps));
  const labelled = tokens.reduce((sum, one) => sum + (one.kind === "text" ? one.prompt : one.choices[0].context).length, 0);
  return {
    items: items.length,
    tasks: Object.fromEntries(tasks),
    settings: settings.length,
    tokens: positions,
    core_steps: positions * steps + (deepest >= LEAST_STEPS ? labelled * deepest : 0),
    bytes: items.reduce((sum, item) => sum + JSON.stringify(item).length, 0) + items.length * (LINE_BYTES + settings.length * OUTCOME_BYTES)
  };
}
