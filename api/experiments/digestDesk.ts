import {stat} from "node:fs/promises";
import {join} from "node:path";
import type {PathsSummary} from "../../analysis/paths/summary.ts";
import {RESULTS_FILE} from "./experimentFolder.ts";
import {experimentOverview} from "./experimentOverview.ts";
import type {ExperimentOverview, ExperimentSpec, PromptResult} from "../contract/experimentSchemas.ts";
import {promptDigest, type PromptDigest} from "./promptDigest.ts";
import {resultLines, resultOf} from "./resultLines.ts";

/** Experiments' finished prompts, digested: each line of the results is read once while it grows, and found again without reading those before it. */
export interface DigestDesk {
  digests(dir: string, spec: ExperimentSpec): Promise<readonly PromptDigest[]>;
  /** Of what is finished, with the summary of a complete experiment as it was written; undefined where nothing is. */
  overview(dir: string, spec: ExperimentSpec, summary: PathsSummary | null): Promise<ExperimentOverview | undefined>;
  /** Results of a range of prompts, both ends included, as far as they are finished. */
  results(dir: string, spec: ExperimentSpec, range: {readonly from: number; readonly to: number}): Promise<PromptResult[]>;
}

interface Entry {
  /** What the folder was made of: another experiment in the same place is another entry. */
  readonly made: string;
  readonly digests: PromptDigest[];
  /** Where each line ends, in bytes. */
  readonly ends: number[];
  overview?: ExperimentOverview;
  reading: Promise<void>;
}

const KEPT = 8; // experiments looked at lately; a digest of ten thousand prompts takes some 50 MB

export function createDigestDesk(): DigestDesk {
  const entries = new Map<string, Entry>(); // by folder, the one looked at last at the end

  async function entryOf(dir: string, spec: ExperimentSpec): Promise<Entry> {
    const made = `${spec.created} ${spec.prompts.sha256} ${spec.model.hash}`;
    let entry = entries.get(dir);
    if (!entry || entry.made !== made || (await isShorter(dir, entry))) entry = {made, digests: [], ends: [], reading: Promise.resolve()};
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
    async overview(dir, spec, summary) {
      const entry = await entryOf(dir, spec);
      if (entry.digests.length === 0) return undefined;
      const isWhole = summary?.prompts === entry.digests.length;
      if (entry.overview?.finished !== entry.digests.length)
        entry.overview = experimentOverview(spec, entry.digests, isWhole ? {summary} : {});
      return entry.overview;
    },
    async results(dir, spec, {from, to}) {
      const {ends} = await entryOf(dir, spec);
      const results: PromptResult[] = [];
      if (from >= ends.length) return results;
      const path = join(dir, RESULTS_FILE);
      for await (const {text} of resultLines(path, {start: from === 0 ? 0 : ends[from - 1]})) {
        results.push(resultOf(text, `${path} line ${from + results.length + 1}`));
        if (from + results.length > to) break;
      }
      return results;
    }
  };
}

async function readOn(dir: string, {digests, ends}: Entry): Promise<void> {
  const path = join(dir, RESULTS_FILE);
  for await (const {text, end} of resultLines(path, {start: ends.at(-1) ?? 0})) {
    digests.push(promptDigest(resultOf(text, `${path} line ${digests.length + 1}`)));
    ends.push(end);
  }
}

/** Whether lines that were read are there no more. */
const isShorter = async (dir: string, {ends}: Entry): Promise<boolean> =>
  ends.length > 0 &&
  (await stat(join(dir, RESULTS_FILE)).then(
    ({size}) => size,
    () => 0
  )) < ends.at(-1)!;
