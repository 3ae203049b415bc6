import {join} from "node:path";
import {rulesHash} from "../../analysis/patterns/rules.ts";
import {software} from "../../capture/software.ts";
import {courseOf} from "../analyses/course.ts";
import {tensorsOf} from "../report/tensorsOf.ts";
import type {AnalysisCache} from "./analysisCache.ts";
import {labelCountsSchema, patternsSchema, type LabelCounts, type Patterns, type TrajectoryRow} from "../contract/contract.ts";
import {createTrajectoryRows, rowsOf} from "./trajectoryRows.ts";
import {fileStamp} from "../files/fileStamp.ts";
import type {RunStore} from "../runs/runStore.ts";
import {isOfStates} from "../files/statesWritten.ts";
import type {RunPlace} from "../runs/runPlace.ts";
import {readKeptJson, saveKeptJson} from "../files/kept.ts";
import type {Asker} from "../queue/fairTurns.ts";

/** How often each label was found among a run's trajectories, and its course: computed when asked for, and kept beside the run. */
export interface RunLabels {
  /** The trajectories with their labels, where they are known already. */
  rows(place: RunPlace): Promise<readonly TrajectoryRow[] | undefined>;
  /** What is known without computing anything; undefined where nothing is. */
  known(place: RunPlace): Promise<LabelCounts | undefined>;
  /** Throws what the analysis throws for a run that has nothing to label. */
  count(place: RunPlace, asker?: Asker): Promise<LabelCounts>;
}

const FORMAT = 2; // grows when more is kept

/** The program's version, its rules' and what is kept: what a kept label was made by. */
const LABELS_VERSION = `${software.version} ${rulesHash()} ${FORMAT}`;

export const LABELS_FILE = join("analysis", "labels.json");

export function createRunLabels({runs, analyses}: {readonly runs: RunStore; readonly analyses: AnalysisCache}): RunLabels {
  const read = new Map<string, {readonly stamp: string; readonly counts: LabelCounts | undefined}>(); // by folder, while its file is as it was
  const trajectories = createTrajectoryRows(LABELS_VERSION);
  const examples = new Map<string, LabelCounts>(); // nothing is written beside an example

  async function known(place: RunPlace): Promise<LabelCounts | undefined> {
    if (place.example) return examples.get(place.dir);
    const path = join(place.dir, LABELS_FILE);
    const stamp = await fileStamp(path);
    if (stamp === undefined || !(await isOfStates(path, place.dir))) return undefined;
    let saved = read.get(place.dir);
    if (saved?.stamp !== stamp) {
      saved = {stamp, counts: await readCounts(path)};
      read.set(place.dir, saved);
    }
    const {counts} = saved;
    return counts?.steps_written === (await runs.summary(place)).steps_written ? counts : undefined; // the run went on
  }

  return {
    known,
    rows: async (place) => trajectories.known(place, (await runs.summary(place)).steps_written),
    async count(place, asker) {
      const before = await known(place);
      const {steps_written, live} = await runs.summary(place);
      if (before && (await trajectories.known(place, steps_written))) return before;
      const patterns = patternsSchema.parse(
        JSON.parse(new TextDecoder().decode(await analyses.answer(place, {kind: "patterns", site: "state"}, asker)))
      );
      const counts = labelCounts(patterns, await analyses.answer(place, {kind: "metrics", site: "state"}, asker), steps_written);
      if (!live) await trajectories.keep(place, steps_written, rowsOf(patterns));
      if (place.example) examples.set(place.dir, counts);
      else if (!live) await saveKeptJson(join(place.dir, LABELS_FILE), counts);
      return counts;
    }
  };
}

/** How often each label was found, and how the run went: of its patterns, and the message of its metrics. */
export const labelCounts = ({summary}: Patterns, metrics: Uint8Array, steps_written: number): LabelCounts => ({
  counts: summary.counts,
  trajectories: summary.inits * summary.tokens,
  alpha: summary.alpha,
  course: courseOf(tensorsOf(metrics).get("distance")!),
  steps_written,
  version: LABELS_VERSION
});

/** Undefined for counts of another version of the program or its rules, and for a file that is not as it was written. */
async function readCounts(path: string): Promise<LabelCounts | undefined> {
  const parsed = labelCountsSchema.safeParse(await readKeptJson(path));
  return parsed.success && parsed.data.version === LABELS_VERSION ? parsed.data : undefined;
}
