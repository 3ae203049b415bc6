import {readdir, stat} from "node:fs/promises";
import {join} from "node:path";
import {errorLine} from "../../capture/errorLine.ts";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {nameSchema} from "../contract/contract.ts";
import type {CensusDetails, CensusEntry, CensusList} from "../contract/censusSchemas.ts";
import {HttpError} from "../contract/httpError.ts";
import {doneShards, openCensus, readManifest, summaryIn} from "./censusFolder.ts";

/** The censuses of a folder, to look at; the command line makes them. */
export interface CensusStore {
  /** Newest first; what cannot be read is told by name. */
  list(): Promise<CensusList>;
  read(id: string): Promise<CensusDetails>;
  /** Throws a 404 HttpError where there is none of the name. */
  folderOf(id: string): Promise<string>;
  /** The text of a prompt. Throws a 404 HttpError where it has none of the number. */
  prompt(id: string, prompt: string): Promise<string>;
}

export function createCensusStore(root: string): CensusStore {
  async function folderOf(id: string): Promise<string> {
    const dir = join(root, id);
    const found = nameSchema.safeParse(id).success && (await ifThere(stat(dir), undefined));
    if (!found || !found.isDirectory()) throw new HttpError(404, `unknown census: ${id}`);
    return dir;
  }

  async function read(id: string): Promise<CensusDetails> {
    const dir = await folderOf(id);
    const manifest = await readManifest(dir);
    const summary = (await summaryIn(dir)) ?? null;
    const {title, model, prompts, shard, steps, inits, created} = manifest;
    const finished = summary ? prompts.count : Math.min(prompts.count, (await doneShards(dir)).size * shard);
    const counts = summary && Object.fromEntries(Object.entries(summary.labels).map(([label, {count}]) => [label, count]));
    const census: CensusEntry = {
      ...{id, title: title ?? id, model: model.name, prompts: prompts.count, finished, steps, inits, created, counts},
      status: summary ? "complete" : "partial"
    };
    return {census, manifest, summary};
  }

  return {
    folderOf,
    read,
    async prompt(id, prompt) {
      const {sources} = await openCensus(await folderOf(id));
      const text = /^\d{1,9}$/.test(prompt) ? sources[Number(prompt)] : undefined;
      if (text === undefined) throw new HttpError(404, `unknown prompt: ${prompt.slice(0, 40)}; expected 0 to ${sources.length - 1}`);
      return text;
    },
    async list() {
      const names = (await ifThere(readdir(root), [])).filter((name) => nameSchema.safeParse(name).success && !name.startsWith("."));
      const censuses: CensusEntry[] = [];
      const broken: {id: string; error: string}[] = [];
      for (const name of names) {
        if (!(await ifThere(stat(join(root, name)), undefined))?.isDirectory()) continue;
        await read(name).then(
          ({census}) => censuses.push(census),
          (error: unknown) => broken.push({id: name, error: errorLine(error)})
        );
      }
      return {censuses: censuses.sort((a, b) => (a.created < b.created ? 1 : -1)), broken};
    }
  };
}
