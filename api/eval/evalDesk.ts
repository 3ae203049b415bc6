import {stat} from "node:fs/promises";
import type {EvalItem, EvalSpec, ItemResult} from "../contract/evalSchemas.ts";
import {keptLines} from "../files/keptLines.ts";
import {linesOf, readEval, readEvalSpec, resultsFile} from "./evalFolder.ts";

/** An evaluation as far as it is answered. */
export interface ReadEval {
  readonly spec: EvalSpec;
  readonly items: readonly EvalItem[];
  /** The answers that can be read, in the items' order. */
  readonly results: readonly ItemResult[];
  /** What is wrong with those that cannot. */
  readonly damage: readonly string[];
}

/** Evaluations' answers, each line read once while they grow. */
export interface EvalDesk {
  read(dir: string): Promise<ReadEval>;
}

interface Entry extends ReadEval {
  readonly results: ItemResult[];
  readonly damage: string[];
  /** Where the next line begins, and what was before it. */
  next: {readonly start: number; readonly lines: number; readonly first: number};
  reading: Promise<void>;
}

const KEPT = 4; // evaluations looked at lately; ten thousand items under ten settings take some 30 MB

export function createEvalDesk(): EvalDesk {
  const entries = new Map<string, Promise<Entry>>(); // by folder, the one looked at last at the end

  async function entryOf(dir: string): Promise<Entry> {
    const known = await entries.get(dir)?.catch(() => undefined);
    const fresh = !known || (await isOther(dir, known));
    const entry = fresh
      ? readEval(dir).then(
          (made): Entry => ({...made, results: [], damage: [], next: {start: 0, lines: 0, first: 0}, reading: Promise.resolve()})
        )
      : Promise.resolve(known);
    entries.delete(dir);
    entries.set(dir, entry);
    if (entries.size > KEPT) entries.delete(entries.keys().next().value!);
    return entry;
  }

  return {
    async read(dir) {
      const entry = await entryOf(dir);
      const reading = entry.reading.catch(() => {}).then(() => readOn(dir, entry)); // one reader at a time; who came before has told of its failure
      entry.reading = reading;
      await reading;
      return entry;
    }
  };
}

async function readOn(dir: string, entry: Entry): Promise<void> {
  for await (const line of keptLines(resultsFile(dir), {...linesOf(entry.spec), ...entry.next})) {
    if ("value" in line) entry.results.push(line.value);
    else entry.damage.push(line.damage);
    entry.next = {start: line.end, lines: line.lines, first: line.index === undefined ? entry.next.first : line.index + 1};
  }
}

/** Whether the folder holds another evaluation by now, or lines that were read are no longer there as they were. */
async function isOther(dir: string, {spec, next, damage}: Entry): Promise<boolean> {
  if (damage.length > 0) return true; // it may have been mended meanwhile
  const size = await stat(resultsFile(dir)).then(
    (found) => found.size,
    () => 0
  );
  if (size < next.start) return true;
  const now = await readEvalSpec(dir);
  return now.created !== spec.created || now.items.hash !== spec.items.hash || now.model.hash !== spec.model.hash;
}
