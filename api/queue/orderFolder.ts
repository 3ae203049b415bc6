import {readdir, rename, rm} from "node:fs/promises";
import {join} from "node:path";
import {ensureFolder} from "../../capture/trace/ensureFolder.ts";
import {z} from "zod";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {parseJson} from "../../capture/trace/json.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {replaceFile} from "../../capture/trace/replaceFile.ts";
import {readTextFile} from "../../capture/trace/textFile.ts";
import {sweepPassing} from "../files/passing.ts";
import type {Ticket} from "./queue.ts";

/** An order with its place in line, which is among its neighbours' ranks. */
export interface RankedOrder<O> extends Ticket<O> {
  rank: number;
}

/** Orders in a folder, one file each, until they are over. */
export interface OrderFolder<O> {
  /** All that are there. What is no order is told to `log`, and left alone. */
  read(log: (line: string) => void): Promise<readonly {readonly order: RankedOrder<O>; readonly isTaken: boolean}[]>;
  /** Writes one that waits. */
  write(order: RankedOrder<O>): Promise<void>;
  /** Of one that waits: now it is taken; and back. */
  markTaken(id: string): Promise<void>;
  markWaiting(id: string): Promise<void>;
  /** Forgets one that waits, or one that is taken. */
  removeWaiting(id: string): Promise<void>;
  removeTaken(id: string): Promise<void>;
}

const MAX_BYTES = 256 * 2 ** 20; // an order may hold all prompts of its kind
const WAITING = ".json";
const TAKEN = ".taken"; // the same file by another name, so that taking is one step

export function createOrderFolder<O>(folder: string, schema: z.ZodType<O>): OrderFolder<O> {
  const fileSchema = z.object({owner: z.string().nullable(), rank: z.number(), order: schema});
  const pathOf = (id: string, ending: string): string => join(folder, `${id}${ending}`);
  const readOne = async (name: string): Promise<RankedOrder<O>> => ({
    id: name.slice(0, name.lastIndexOf(".")),
    ...fileSchema.parse(parseJson(await readTextFile(join(folder, name), {maxBytes: MAX_BYTES, error: Refusal})))
  });
  return {
    async read(log) {
      await sweepPassing(folder);
      const found: {order: RankedOrder<O>; isTaken: boolean}[] = [];
      for (const name of await ifThere(readdir(folder), [])) {
        if (!name.endsWith(WAITING) && !name.endsWith(TAKEN)) continue;
        const order = await readOne(name).catch((error: Error) => {
          log(`${join(folder, name)}: no order: ${error instanceof z.ZodError ? "not as it was written" : error.message}`);
        });
        if (order) found.push({order, isTaken: name.endsWith(TAKEN)});
      }
      return found;
    },
    async write({id, owner, rank, order}) {
      await ensureFolder(folder);
      await replaceFile(pathOf(id, WAITING), JSON.stringify({owner, rank, order}));
    },
    markTaken: (id) => rename(pathOf(id, WAITING), pathOf(id, TAKEN)),
    markWaiting: (id) => rename(pathOf(id, TAKEN), pathOf(id, WAITING)),
    removeWaiting: (id) => rm(pathOf(id, WAITING), {force: true}),
    removeTaken: (id) => rm(pathOf(id, TAKEN), {force: true})
  };
}
