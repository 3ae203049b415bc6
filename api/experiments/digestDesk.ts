import {stat} from "node:fs/promises";
import {join} from "node:path";
import type {PathsSummary} from "../../analysis/paths/summary.ts";
import {RESULTS_FILE} from "./experimentFolder.ts";
import {experimentOverview} from "./experimentOverview.ts";
import type {ExperimentOverview, ExperimentSpec, PromptResult} from "../contract/experimentSchemas.ts";
import {promptDigest, type PromptDigest} from "./promptDigest.ts";
import {resultsIn} from "./resultLines.ts";

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
  /** What the folder was made of: another experiment in the same place is another entry. */
  readonly made: string;
  readonly digests: PromptDigest[];
  /** Where each line ends, in bytes, those that cannot be read among them. */
  readonly ends: number[];
  /** What is wrong with lines that cannot be read. */
  readonly damage: string[];
  overview?: ExperimentOverview;
  reading: Promise<void>;
}

const KEPT = 8; // experiments looked at lately; a digest of ten thousand prompts takes some 50 MB

export function createDigestDesk(): DigestDesk {
  const entries = new Map<string, Entry>(); // by folder, the one looked at last at the end

  async function entryOf(dir: string, spec: ExperimentSpec): Promise<Entry> {
    const made = `${spec.created} ${spec.prompts.sha256} ${spec.model.hash}`;
    let entry = entries.get(dir);
    if (!entry || entry.made !== made || (await isShorter(dir, entry)))
      entry = {made, digests: [], ends: [], damage: [], reading: Promise.resolve()};
    entries.delete(dir);
    entries.set(dir, entry);
    if (entries.size > KEPT) entries.delete(entries.keys().next().value!);
    const current = entry;
    const reading = current.reading.catch(() => {}).then(() => readOn(dir, current)); // one reader at a time; who came before has told of its failure
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
      const {ends} = await entryOf(dir, spec);
      const results: PromptResult[] = [];
      if (from >= ends.length) return results;
      const path = join(dir, RESULTS_FILE);
      let index = from;
      for await (const line of resultsIn(path, {start: from === 0 ? 0 : ends[from - 1], first: from})) {
        if ("result" in line) results.push(line.result);
        if (++index > to) break;
      }
      return results;
    }
  };
}

async function readOn(dir: string, {digests, ends, damage}: Entry): Promise<void> {
  const path = join(dir, RESULTS_FILE);
  for await (const line of resultsIn(path, {start: ends.at(-1) ?? 0, first: ends.length})) {
    if ("result" in line) digests.push(promptDigest(line.result));
    else damage.push(line.damage);
    ends.push(line.end);
  }
}

/** Whether lines that were read are there no more. */
const isShorter = async (dir: string, {ends}: Entry): Promise<boolean> =>
  ends.length > 0 &&
  (await stat(join(dir, RESULTS_FILE)).then(
    ({size}) => size,
    () => 0
  )) < ends.at(-1)!;
