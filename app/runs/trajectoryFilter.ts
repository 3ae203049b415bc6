import {PATTERNS} from "../../api/contract/choices.ts";
import type {TrajectoryQuery} from "../../api/contract/contract.ts";

/** What is looked for among the trajectories of all runs; empty texts look for anything. */
export interface TrajectoryFilter {
  readonly label: "" | (typeof PATTERNS)[number];
  /** A number as it is typed. */
  readonly period: string;
  readonly text: string;
  readonly model: string;
}

/** The filter that a link holds. */
export function filterOf(sought: string): TrajectoryFilter {
  const query = new URLSearchParams(sought);
  const label = PATTERNS.find((one) => one === query.get("label")) ?? "";
  return {label, period: query.get("period") ?? "", text: query.get("text") ?? "", model: query.get("model") ?? ""};
}

/** As a link holds it: only what is looked for. */
export const soughtOf = (filter: TrajectoryFilter): string =>
  new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== "")).toString();

const periodOf = ({period}: TrajectoryFilter): number => Number(period);

/** What is wrong with the period, if anything is. */
export const periodProblem = (filter: TrajectoryFilter): string | undefined =>
  filter.period === "" || (periodOf(filter) > 0 && periodOf(filter) <= 1e6)
    ? undefined
    : `period ${filter.period}; expected a number above 0`;

/** The question that a filter asks, of the rows from one on. */
export const queryOf = (filter: TrajectoryFilter, from: number): Partial<TrajectoryQuery> => ({
  ...(filter.label && {label: filter.label}),
  ...(filter.period && !periodProblem(filter) && {period: periodOf(filter)}),
  ...(filter.text && {text: filter.text}),
  ...(filter.model && {model: filter.model}),
  from
});
