import type {Engine} from "../../capture/engine/engine.ts";
import type {EngineChoice} from "../../capture/engine/engineOptions.ts";
import {loadCheckpoint} from "../../capture/families/loadCheckpoint.ts";
import {stopIdsOf} from "../../capture/generate/prompt.ts";
import {modelHash} from "../../capture/model/modelHash.ts";
import {loadTokenizer} from "../../capture/model/tokenizer.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import type {EvalItem, EvalSpec, EvalSummary, ItemResult} from "../contract/evalSchemas.ts";
import {answerItem, type AnswerOptions} from "./answerItem.ts";
import {openEval} from "./evalFolder.ts";
import {itemTokens} from "./itemTokens.ts";
import {labelOf} from "./labelOf.ts";
import {summaryOf} from "./summaryOf.ts";

interface EvaluateOptions {
  /** The checkpoint's folder. */
  readonly model: string;
  readonly engine: (choice: EngineChoice) => Promise<Engine>;
  readonly signal?: AbortSignal;
  /** Has items answered elsewhere, and gives their results in the order of the indices; they are answered here where it is left out. */
  readonly elsewhere?: (items: Answering) => Promise<void>;
  readonly onProgress?: (progress: {readonly finished: number; readonly secondsLeft: number | null}) => void;
}

/** Items of an evaluation that are to be answered. */
export interface Answering {
  readonly spec: EvalSpec;
  readonly items: readonly EvalItem[];
  readonly indices: readonly number[];
  readonly take: (result: ItemResult) => Promise<void>;
}

/** An evaluation that is whole. */
export interface Evaluated {
  readonly spec: EvalSpec;
  readonly items: readonly EvalItem[];
  readonly results: readonly ItemResult[];
  readonly summary: EvalSummary;
}

/**
 * Answers every item of a folder that `createEval` made, under every setting, and keeps a line for each; goes on where it was interrupted. Throws a
 * Refusal for another model than the folder's. Rejects with the signal's reason when it is aborted: what is finished stays.
 */
export async function evaluate(
  dir: string,
  {model: folder, engine: engineOf, signal, elsewhere, onProgress = () => {}}: EvaluateOptions
): Promise<Evaluated> {
  const open = await openEval(dir);
  const {spec, items} = open;
  const results = [...open.results];
  try {
    const answer = elsewhere ?? ((wanted: Answering) => answerHere(wanted, () => toolsOf(folder, spec, engineOf, signal)));
    const begun = performance.now();
    const before = results.length;
    const take = (result: ItemResult) => {
      results.push(result);
      const each = (performance.now() - begun) / (results.length - before) / 1000;
      onProgress({finished: results.length, secondsLeft: each * (items.length - results.length)});
    };
    onProgress({finished: before, secondsLeft: null});
    if (open.isDamaged) {
      const again: ItemResult[] = [];
      await answer({spec, items, indices: open.damaged, take: async (result) => void again.push(result)});
      again.forEach(take);
      await open.mend(again);
    }
    const indices = Array.from({length: items.length - open.finished}, (_, i) => open.finished + i);
    await answer({
      ...{spec, items, indices},
      async take(result) {
        await open.append(result);
        take(result);
      }
    });
  } finally {
    await open.close();
  }
  results.sort((a, b) => a.index - b.index);
  return {spec, items, results, summary: summaryOf(spec.settings, results, items.length)};
}

async function answerHere({spec, items, indices, take}: Answering, toolsHere: () => Promise<AnswerOptions>): Promise<void> {
  if (indices.length === 0) return;
  const tools = await toolsHere();
  for (const index of indices) await take(await resultOf(items[index], index, spec, tools));
}

/** What answers items here. Throws a Refusal for another model than the evaluation's. */
export async function toolsOf(
  folder: string,
  {model: made, engine, dtype, device, seed}: EvalSpec,
  engineOf: EvaluateOptions["engine"],
  signal?: AbortSignal
): Promise<AnswerOptions> {
  const checkpoint = await loadCheckpoint(folder);
  await checkpoint.close();
  const hash = await modelHash(checkpoint);
  if (hash !== made.hash)
    throw new Refusal(
      `invalid model: the evaluation was made with ${made.name} (${made.hash.slice(0, 12)}); here is ${checkpoint.name} (${hash.slice(0, 12)})`,
      {kind: "conflict"}
    );
  const tokenizer = await loadTokenizer(folder, checkpoint.model);
  const stopIds = await stopIdsOf(folder, tokenizer);
  return {engine: await engineOf({model: folder, engine, dtype, device}), tokenizer, stopIds, seed, signal};
}

/** An item under every setting. */
export async function resultOf(item: EvalItem, index: number, {settings, max_new}: EvalSpec, tools: AnswerOptions): Promise<ItemResult> {
  const tokens = itemTokens(item, {model: tools.engine.model, tokenizer: tools.tokenizer, maxNew: max_new ?? undefined});
  const outcomes = [];
  for (const setting of settings) outcomes.push(await answerItem({item, tokens}, setting, tools));
  const steps = Math.max(...settings.map((setting) => setting.steps));
  const label = await labelOf(tokens.kind === "text" ? tokens.prompt : tokens.choices[0].context, {...tools, steps});
  return {index, task: item.task, outcomes, label};
}
