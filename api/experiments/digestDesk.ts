import {stat} from "node:fs/promises";
import {join} from "node:path";
import type {PathsSummary} from "../../analysis/paths/summary.ts";
import {RESULTS_FILE, resultsIn} from "./experimentFolder.ts";
import {experimentOverview} from "./experimentOverview.ts";
import type {ExperimentOverview, ExperimentSpec, PromptResult} from "../contract/experimentSchemas.ts";
import {promptDigest, type PromptDigest} from "./promptDigest.ts";

/** Experiments' finished prompts, digested: each line of the results is read once while it grows, and found again without reading those before it. */
export interface DigestDesk {
  digests(dir: string, spec: ExperimentSpec): Promise<readonly PromptDigest[]>;
  /** What is wrong with results that cannot be read. */
  damage(dir: string, spec: ExperimentSpec): Promise<readonly string[]>;
  /** Of what is finished, with the summary of a complete experiment as it was written; undefined where nothing is. */
  overview(dir: string, spec: ExperimentSpec, summary: PathsSummary | null): Promise<ExperimentOverview | undefined>;
  /** Results of a range of prompts, both ends included, as far as they are finished. */
  results(dir: string, spec: ExperimentSpec, range: {readonly from: number; readonly to: number}): Promise<PromptResult[]>;
}

interface Entry {
  /** What the folder was made of, and which file it was: another experiment in the same place, or results that were mended, are another entry. */
  readonly made: string;
  readonly digests: PromptDigest[];
  /** Where each result begins, by its prompt. */
  readonly places: Map<number, {readonly start: number; readonly lines: number}>;
  /** How far the file was read: bytes, lines, prompts. */
  read: {readonly start: number; readonly lines: number; readonly first: number};
  /** What is wrong with lines that cannot be read. */
  readonly damage: string[];
  overview?: ExperimentOverview;
  reading: Promise<void>;
}

const KEPT = 8; // experiments looked at lately; a digest of ten thousand prompts takes some 50 MB

export function createDigestDesk(): DigestDesk {
  const entries = new Map<string, Entry>(); // by folder, the one looked at last at the end

  async function entryOf(dir: string, spec: ExperimentSpec): Promise<Entry> {
    const {ino, size} = await stat(join(dir, RESULTS_FILE)).catch(() => ({ino: 0, size: 0}));
    const made = `${spec.created} ${spec.prompts.sha256} ${spec.model.hash} ${ino}`;
    let entry = entries.get(dir);
    if (!entry || entry.made !== made || size < entry.read.start)
      entry = {made, digests: [], places: new Map(), read: {start: 0, lines: 0, first: 0}, damage: [], reading: Promise.resolve()};
    entries.delete(dir);
    entries.set(dir, entry);
    if (entries.size > KEPT) entries.delete(entries.keys().next().value!);
    const current = entry;
    const reading = current.reading.catch(() => {}).then(() => readOn(dir, spec, current)); // one reader at a time; who came before has told of its failure
    current.reading = reading;
    await reading;
    return current;
  }

  return {
    digests: async (dir, spec) => (await entryOf(dir, spec)).digests,
    damage: async (dir, spec) => (await entryOf(dir, spec)).damage,
    async overview(dir, spec, summary) {
      const entry = await entryOf(dir, spec);
      if (entry.digests.length === 0) return undefined;
      const isWhole = summary !== null && summary.prompts === entry.digests.length;
      if (entry.overview?.finished !== entry.digests.length)
        entry.overview = experimentOverview(spec, entry.digests, {damage: entry.damage, ...(isWhole && {summary})});
      return entry.overview;
    },
    async results(dir, spec, {from, to}) {
      const {places, read} = await entryOf(dir, spec);
      const results: PromptResult[] = [];
      let first = from;
      while (first <= to && first < read.first && !places.has(first)) ++first; // those that cannot be read
      const place = places.get(first);
      if (!place || first > to) return results;
      for await (const line of resultsIn(dir, spec, {...place, first})) {
        if (line.index !== undefined && line.index > to) break;
        if ("value" in line) results.push(line.value);
        if (line.index === to) break;
      }
      return results;
    }
  };
}

async function readOn(dir: string, spec: ExperimentSpec, entry: Entry): Promise<void> {
  const {digests, places, damage} = entry;
  for await (const line of resultsIn(dir, spec, entry.read)) {
    const {index, end, lines} = line;
    if ("value" in line) {
      digests.push(promptDigest(line.value));
      places.set(line.index, {start: line.start, lines: lines - 1});
    } else damage.push(line.damage);
    entry.read = {start: end, lines, first: index === undefined ? entry.read.first : index + 1};
  }
}
