import type {Trajectories, TrajectoryQuery, TrajectoryRow} from "../contract/contract.ts";
import type {RunStore} from "../runs/runStore.ts";
import type {RunLabels} from "./runLabels.ts";

export interface SearchParts {
  readonly runs: RunStore;
  readonly labels: RunLabels;
}

/** The trajectories of all runs that are as asked, newest run first, those of a run in their order. */
export async function searchTrajectories({runs, labels}: SearchParts, query: TrajectoryQuery): Promise<Trajectories> {
  const found: Trajectories["rows"] = [];
  let [total, searched, waiting] = [0, 0, 0];
  const isWanted = filterOf(query);
  for (const {place, summary} of await newestFirst(runs)) {
    if (!contains(summary.model, query.model)) continue;
    const rows = await labels.rows(place);
    if (!rows) {
      if (!summary.live && summary.steps_written > 0) ++waiting;
      continue;
    }
    ++searched;
    for (const row of rows) {
      if (!isWanted(row)) continue;
      if (total >= query.from && found.length < query.count)
        found.push({run: summary.id, title: summary.title, model: summary.model, ...row});
      ++total;
    }
  }
  return {rows: found, total, runs: searched, waiting};
}

/** The runs that can be read. */
async function newestFirst(runs: RunStore) {
  const read = await Promise.all(
    (await runs.places()).map(async (place) => {
      const summary = await runs.summary(place).catch(() => undefined); // told of in the list of runs
      return summary ? [{place, summary}] : [];
    })
  );
  return read.flat().sort(({summary: a}, {summary: b}) => (a.created < b.created ? 1 : a.created > b.created ? -1 : 0));
}

const contains = (text: string, part: string | undefined): boolean => !part || text.toLowerCase().includes(part.toLowerCase());

const filterOf =
  ({label, period, near, text}: TrajectoryQuery) =>
  (row: TrajectoryRow): boolean =>
    (label === undefined || row.label === label) &&
    (period === undefined || (row.period !== null && Math.abs(row.period - period) <= near * period)) &&
    contains(row.text, text);
