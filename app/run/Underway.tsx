import type {DependencyList} from "react";
import {formatSeconds} from "../plot/format.ts";
import {readyValue, useRemote} from "../source/remote.ts";
import type {Progress} from "../../api/contract/contract.ts";
import {useClock} from "../state/useClock.ts";

const ASK_MS = 700; // how often it is asked how far it is; what takes no longer is not asked about

const SAID = {
  labelling: {what: "Weighing the labels", done: "Trajectories weighed"},
  measuring: {what: "Loading the run", done: "Trajectories measured"},
  nearing: {what: "Measuring distances", done: "Trajectories looked at"}
} as const;

interface UnderwayProps {
  readonly of: keyof typeof SAID;
  readonly ask: (signal: AbortSignal) => Promise<Progress>;
  /** What is waited for: by its change it is asked anew. */
  readonly question: DependencyList;
}

/** How far the labels, measures or distances of a run are, and how long they will take. */
export function Underway({of: asked, ask, question}: UnderwayProps) {
  const ticks = useClock(true, ASK_MS);
  const progress = readyValue(useRemote(async (signal) => (ticks > 0 ? ask(signal) : undefined), [asked, ...question], ticks));
  if (!progress || progress.of === 0) return <>{SAID[asked].what} …</>;
  const {done, of, seconds_left} = progress;
  return (
    <>
      {SAID[asked].what}: {done} of {of} trajectories{seconds_left !== null && `, ${formatSeconds(seconds_left)} left`}{" "}
      <progress value={done} max={of} aria-label={SAID[asked].done} />
    </>
  );
}
