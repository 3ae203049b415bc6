import type {CensusEntry, Evaluation, Experiment, Training} from "../../api/contract/contract.ts";

/** The kinds of long jobs that have a list and a page of their own. */
export interface JobKinds {
  readonly experiment: Experiment;
  readonly evaluation: Evaluation;
  readonly census: CensusEntry;
  readonly training: Training;
}

export type JobKind = keyof JobKinds;

/** What all of them tell of themselves. */
export type LongJob = Pick<Experiment, "id" | "title" | "owner" | "status" | "finished" | "seconds_left" | "error" | "created">;

/** Their lists: the name of the page, of the answer's field, and of what the store keeps. */
export const JOB_LISTS = {
  experiment: "experiments",
  evaluation: "evaluations",
  census: "censuses",
  training: "trainings"
} as const satisfies Record<JobKind, string>;

export const isUnderWay = ({status}: Pick<LongJob, "status">): boolean => status === "queued" || status === "running";
