import {readdir} from "node:fs/promises";
import {basename, join} from "node:path";
import {ifThere, isFileThere} from "../../capture/trace/ifThere.ts";
import {modelSummary, unusable} from "./modelSummary.ts";
import {nameSchema, type ModelSummary} from "../contract/contract.ts";
import {HttpError} from "../contract/httpError.ts";
import {fileStamp} from "../files/fileStamp.ts";
import {checkFolderName, folderNames} from "../files/folderNames.ts";

/** The checkpoints that may be captured from, by their folders' names. */
export interface ModelStore {
  /** A folder that cannot be used is told with the reason. */
  list(): Promise<ModelSummary[]>;
  /** The folder of a model; throws a 404 HttpError that names those there are. */
  find(name: string): Promise<string>;
}

interface ModelStoreOptions {
  /** Looks into a folder; defaults to a look by this process, which a file can make long. */
  readonly look?: (folder: string) => Promise<ModelSummary>;
}

/** Looks into each of the folders for checkpoint folders; the first one of a name counts. */
export function createModelStore(roots: readonly string[], {look = modelSummary}: ModelStoreOptions = {}): ModelStore {
  const looked = new Map<string, {readonly stamp: string; readonly summary: Promise<ModelSummary>}>(); // by folder, while its files are as they were

  async function summaryOf(folder: string): Promise<ModelSummary> {
    checkFolderName(basename(folder), "model");
    const stamp = await stampOf(folder);
    const before = looked.get(folder);
    if (before?.stamp === stamp) return before.summary;
    const summary = look(folder).catch((error: unknown) => unusable(folder, error));
    looked.set(folder, {stamp, summary});
    return summary;
  }

  async function places(): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const root of roots) {
      for (const name of await checkpointNames(root)) if (!found.has(name)) found.set(name, join(root, name));
    }
    return found;
  }
  return {
    list: async () =>
      Promise.all([...(await places()).values()].map((folder) => summaryOf(folder).catch((error: unknown) => unusable(folder, error)))),
    async find(name) {
      const found = new Map([...(await places())].filter(([one]) => nameSchema.safeParse(one).success));
      const folder = found.get(name);
      if (folder === undefined)
        throw new HttpError(404, `unknown model: ${name}; ${found.size > 0 ? `one of ${[...found.keys()].join(", ")}` : "there is none"}`);
      return folder;
    }
  };
}

/** Folders that hold a checkpoint, or cannot be looked into. */
async function checkpointNames(root: string): Promise<string[]> {
  const names = await folderNames(root);
  const isCheckpoint = await Promise.all(names.map((name) => isFileThere(join(root, name, "config.json")).catch(() => true)));
  return names.filter((_, i) => isCheckpoint[i]).sort();
}

/** Changes whenever a file of the folder does. */
async function stampOf(folder: string): Promise<string> {
  const names = (await ifThere(readdir(folder), [])).sort();
  const stamps = await Promise.all(names.map(async (name) => `${name} ${await fileStamp(join(folder, name))}`));
  return stamps.join();
}
