import {stat} from "node:fs/promises";
import {basename} from "node:path";
import {errorLine} from "../../capture/errorLine.ts";
import {loadCheckpoint} from "../../capture/families/loadCheckpoint.ts";
import {chatTemplate, NO_TEMPLATE} from "../../capture/generate/prompt.ts";
import {stepAttentions} from "../../capture/generate/stepAttentions.ts";
import {notOffered, startsWords} from "../../capture/model/notOffered.ts";
import {siteNames} from "../../capture/model/site.ts";
import type {ModelSummary} from "../contract/contract.ts";
import {modelCard} from "./modelCard.ts";

/** What a checkpoint's folder says of itself. A model that cannot be used is told with the reason: its owner wants to know. */
export async function modelSummary(folder: string): Promise<ModelSummary> {
  try {
    const {model, weights, close} = await loadCheckpoint(folder);
    await close();
    const files = new Set([...weights.values()].map(({file}) => file));
    const sizes = await Promise.all([...files].map(async (file) => (await stat(file)).size));
    return {
      name: basename(folder),
      family: model.family,
      width: model.width,
      vocab: model.vocab,
      blocks: Object.fromEntries(model.stacks.map(({name, blocks}) => [name, blocks])),
      mean_recurrence: model.trainedSteps,
      max_tokens: model.maxTokens,
      lenses: [...model.lenses],
      lens_formulas: {...model.lensFormulas},
      starts: startsWords(model),
      step_attentions: stepAttentions(model).length,
      not_offered: {...notOffered(model), ...((await chatTemplate(folder)) === undefined && {chat: NO_TEMPLATE})},
      bytes: sizes.reduce((sum, size) => sum + size, 0),
      sites: siteNames(model),
      card: await modelCard(folder),
      error: null
    };
  } catch (error) {
    return unusable(folder, error);
  }
}

/** A model that cannot be looked into. */
export const unusable = (folder: string, error: unknown): ModelSummary => ({
  name: basename(folder),
  family: null,
  width: 0,
  vocab: 0,
  blocks: {},
  mean_recurrence: 0,
  max_tokens: 0,
  lenses: [],
  lens_formulas: {},
  starts: "",
  step_attentions: 0,
  not_offered: {},
  bytes: 0,
  sites: [],
  card: null,
  error: errorLine(error)
});
