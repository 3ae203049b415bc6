import {MAX_COMPARED} from "../../api/contract/choices.ts";
import type {RunSummary} from "../../api/contract/contract.ts";

/** The selected runs after one of the list was pressed: it alone is turned, or with shift all from the last pressed to it become as it does. */
export function pressed(
  selected: ReadonlySet<string>,
  shown: readonly Pick<RunSummary, "id">[],
  {id, last, range}: {readonly id: string; readonly last: string | undefined; readonly range: boolean}
): ReadonlySet<string> {
  const isOn = !selected.has(id);
  const [from, to] = [last ?? id, id].map((one) => shown.findIndex((run) => run.id === one)).sort((a, b) => a - b);
  const turned = range && from >= 0 ? shown.slice(from, to + 1).map((run) => run.id) : [id];
  const next = new Set(selected);
  for (const one of turned) {
    if (isOn) next.add(one);
    else next.delete(one);
  }
  return next;
}

/** Why runs cannot be looked at side by side; undefined where they can. */
export function compareProblem(runs: readonly RunSummary[]): string | undefined {
  if (runs.length < 2) return "select two runs or more";
  if (runs.length > MAX_COMPARED + 1) return `${runs.length} runs; at most ${MAX_COMPARED + 1} side by side`;
  const [first, ...others] = runs;
  const odd = others.find(({width}) => width !== first.width);
  return odd && `“${odd.title}” has width ${odd.width}, “${first.title}” ${first.width}: runs of one width can be compared`;
}
