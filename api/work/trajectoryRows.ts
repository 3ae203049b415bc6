import {join} from "node:path";
import {z} from "zod";
import type {Patterns, TrajectoryRow} from "../contract/contract.ts";
import {trajectoryRowSchema} from "../contract/contract.ts";
import {fileStamp} from "../files/fileStamp.ts";
import {readKeptJson, saveKeptJson} from "../files/kept.ts";
import {isOfStates} from "../files/statesWritten.ts";
import type {RunPlace} from "../runs/runPlace.ts";

/** What a search looks through of a run: its trajectories with their labels, kept beside it, of an example in memory. */
export interface TrajectoryRows {
  /** Of a run as it was at so many steps, by this version of the labels; undefined where none are kept. */
  known(place: RunPlace, steps: number): Promise<readonly TrajectoryRow[] | undefined>;
  keep(place: RunPlace, steps: number, rows: readonly TrajectoryRow[]): Promise<void>;
}

interface Kept {
  readonly stamp: string | undefined;
  readonly steps: number;
  readonly rows: readonly TrajectoryRow[];
}

const FILE = join("analysis", "trajectories.json");
const MOST_ROWS = 300_000; // in memory; more runs are read again with each search

const keptSchema = z.object({version: z.string(), steps_written: z.number().int(), rows: z.array(trajectoryRowSchema)});

export function createTrajectoryRows(version: string): TrajectoryRows {
  const memory = new Map<string, Kept>(); // by folder, oldest use first
  let held = 0;

  function remember(dir: string, kept: Kept): void {
    held += kept.rows.length - (memory.get(dir)?.rows.length ?? 0);
    memory.delete(dir);
    memory.set(dir, kept);
    for (const [oldest, {rows, stamp}] of memory) {
      if (held <= MOST_ROWS) break;
      if (stamp === undefined) continue; // of an example: it is nowhere else
      memory.delete(oldest);
      held -= rows.length;
    }
  }

  return {
    async known(place, steps) {
      const path = join(place.dir, FILE);
      const stamp = place.example ? undefined : await fileStamp(path);
      let kept = memory.get(place.dir);
      if (!place.example && (stamp === undefined || !(await isOfStates(path, place.dir)))) return undefined;
      if (!place.example && kept?.stamp !== stamp) {
        const parsed = keptSchema.safeParse(await readKeptJson(path));
        kept =
          parsed.success && parsed.data.version === version ? {stamp, steps: parsed.data.steps_written, rows: parsed.data.rows} : undefined;
        if (kept) remember(place.dir, kept);
      }
      return kept?.steps === steps ? kept.rows : undefined;
    },
    async keep(place, steps, rows) {
      if (place.example) remember(place.dir, {stamp: undefined, steps, rows});
      else await saveKeptJson(join(place.dir, FILE), {version, steps_written: steps, rows});
    }
  };
}

/** The rows of a run's labels. */
export const rowsOf = ({tokens}: Pick<Patterns, "tokens">): TrajectoryRow[] =>
  tokens.map(({init, index, text, pattern, q, rate, period, amplitude, drift_speed, settled_step}) => ({
    ...{init, index, text, label: pattern, q, rate, period, amplitude, drift_speed, settled_step}
  }));
