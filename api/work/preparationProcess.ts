import {answerOrders} from "../../capture/service/answerOrders.ts";
import {captureBytes, prepareCapture, type CaptureDemand} from "../../capture/job/prepareCapture.ts";
import {loadCheckpoint} from "../../capture/families/loadCheckpoint.ts";
import {modelHash} from "../../capture/model/modelHash.ts";
import {loadTokenizer, type Token} from "../../capture/model/tokenizer.ts";
import {experimentBytes, prepareExperiment} from "../experiments/experiment.ts";
import {promptInputs} from "../experiments/promptInputs.ts";
import {modelSummary} from "../models/modelSummary.ts";
import {censusOfPrompts, type PreparedCensus} from "../census/census.ts";
import {makeCensus} from "../census/censusFolder.ts";
import {createEval} from "../eval/evalFolder.ts";
import {prepareEval, type PreparedEval} from "../eval/prepareEval.ts";
import {readTask} from "../eval/taskFile.ts";
import type {CensusDemand, EvalDemand, PreparationOrder} from "./preparation.ts";

/** A process that looks into a model's files for preparation.ts. */

answerOrders<PreparationOrder, unknown>(async (order) => {
  switch (order.type) {
    case "summary":
      return modelSummary(order.model);
    case "tokens": {
      const {tokenizer} = await opened(order.model);
      return tokenizer.tokens(tokenizer.encode(order.prompt));
    }
    case "words":
      return words(order.model, order.ids);
    case "capture":
      return preparedCapture(order.demand);
    case "experiment": {
      const prepared = await prepareExperiment(order.request, () => new Date(order.created));
      return {spec: prepared.spec, bytes: experimentBytes(prepared)};
    }
    case "evaluation":
      return preparedEval(order.demand);
    case "census":
      return preparedCensus(order.demand);
    case "promptIds": {
      const {checkpoint, tokenizer} = await opened(order.model);
      const [{ids}] = promptInputs([order.prompt], tokenizer);
      return {ids, hash: await modelHash(checkpoint)};
    }
  }
});

async function opened(folder: string) {
  const checkpoint = await loadCheckpoint(folder);
  await checkpoint.close();
  return {checkpoint, tokenizer: await loadTokenizer(folder, checkpoint.model)};
}

/** However many: the tokenizer takes a context at a time. */
async function words(folder: string, ids: readonly number[]): Promise<readonly Token[]> {
  const {checkpoint, tokenizer} = await opened(folder);
  const {maxTokens} = checkpoint.model;
  const found: Token[] = [];
  for (let at = 0; at < ids.length; at += maxTokens) found.push(...tokenizer.tokens(ids.slice(at, at + maxTokens)));
  return found;
}

async function preparedCapture(demand: CaptureDemand): Promise<{tokens: readonly Token[]; bytes: number}> {
  const prepared = await prepareCapture(demand);
  return {tokens: prepared.tokens, bytes: captureBytes(prepared, demand)};
}

async function preparedEval({file, limit, created, dir, ...request}: EvalDemand): Promise<PreparedEval> {
  const items = (await readTask(file.path, {name: file.name})).slice(0, limit);
  const prepared = await prepareEval({...request, items}, () => new Date(created));
  if (dir !== undefined) await createEval(dir, prepared.spec, items);
  return prepared;
}

async function preparedCensus({model, prompts, options, owner, created, dir}: CensusDemand): Promise<PreparedCensus> {
  const prepared = await censusOfPrompts(model, prompts, options, {owner, now: new Date(created)});
  if (dir !== undefined) await makeCensus(dir, prepared.manifest, prompts);
  return prepared;
}
