import {readdir, stat} from "node:fs/promises";
import {join} from "node:path";
import {errorLine} from "../../capture/errorLine.ts";
import {loadCheckpoint} from "../../capture/families/loadCheckpoint.ts";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {siteNames} from "../../capture/model/site.ts";
import {modelCard} from "./modelCard.ts";
import {nameSchema, type ModelSummary} from "../contract/contract.ts";
import {HttpError} from "../contract/httpError.ts";

/** The checkpoints that may be captured from, by their folders' names. */
export interface ModelStore {
  list(): Promise<ModelSummary[]>;
  /** The folder of a model; throws a 404 HttpError that names those there are. */
  find(name: string): Promise<string>;
}

/** Looks into each of the folders for checkpoint folders; the first one of a name counts. */
export function createModelStore(roots: readonly string[]): ModelStore {
  async function places(): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const root of roots) {
      for (const name of await checkpointNames(root)) if (!found.has(name)) found.set(name, join(root, name));
    }
    return found;
  }
  return {
    list: async () => Promise.all([...(await places())].map(([name, folder]) => summaryOf(name, folder))),
    async find(name) {
      const found = await places();
      const folder = found.get(name);
      if (folder === undefined)
        throw new HttpError(404, `unknown model: ${name}; ${found.size > 0 ? `one of ${[...found.keys()].join(", ")}` : "there is none"}`);
      return folder;
    }
  };
}

async function checkpointNames(root: string): Promise<string[]> {
  const names = await ifThere(readdir(root), []);
  const isCheckpoint = await Promise.all(
    names.map((name) =>
      stat(join(root, name, "config.json")).then(
        (found) => found.isFile(),
        () => false
      )
    )
  );
  return names.filter((name, i) => isCheckpoint[i] && nameSchema.safeParse(name).success).sort();
}

/** A model that cannot be used is listed with the reason: its owner wants to know. */
async function summaryOf(name: string, folder: string): Promise<ModelSummary> {
  try {
    const {model, weights, close} = await loadCheckpoint(folder);
    await close();
    const files = new Set([...weights.values()].map(({file}) => file));
    const sizes = await Promise.all([...files].map(async (file) => (await stat(file)).size));
    return {
      name,
      family: model.family,
      width: model.width,
      vocab: model.vocab,
      blocks: Object.fromEntries(model.stacks.map(({name, blocks}) => [name, blocks])),
      mean_recurrence: model.trainedSteps,
      max_tokens: model.maxTokens,
      lenses: [...model.lenses],
      bytes: sizes.reduce((sum, size) => sum + size, 0),
      sites: siteNames(model),
      card: await modelCard(folder),
      error: null
    };
  } catch (error) {
    return {
      name,
      family: null,
      width: 0,
      vocab: 0,
      blocks: {},
      mean_recurrence: 0,
      max_tokens: 0,
      lenses: [],
      bytes: 0,
      sites: [],
      card: null,
      error: errorLine(error)
    };
  }
}
