import {formatSeconds} from "../plot/format.ts";
import {notify} from "../state/store.ts";
import type {JobKind, LongJob} from "../state/jobs.ts";
import {Band} from "./Band.tsx";
import {Changes, useMayChange} from "./Changes.tsx";

interface JobBandProps {
  readonly kind: JobKind;
  readonly job: LongJob;
  /** Of how many it is done with `finished` of, and what they are: prompts, items, updates. */
  readonly whole: number;
  readonly unit: string;
  /** What becomes of what is done where it stopped. */
  readonly stays: string;
  /** What is said while it runs, before the time that is left; defaults to how many are done. */
  readonly doing?: string;
  /** What is wrong with one that is complete. */
  readonly damage?: string;
  /** Absent where it cannot be cancelled, or gone on with, from here. */
  readonly onCancel?: () => Promise<unknown>;
  readonly onResume?: () => Promise<unknown>;
}

/** How far a long job is, or why it is not whole, and what can be done about it. */
export function JobBand({kind, job, whole, unit, stays, doing, damage, onCancel, onResume}: JobBandProps) {
  const {owner, status, finished, seconds_left, error} = job;
  const act = (ask: () => Promise<unknown>) => () => void ask().catch((failure: Error) => notify(failure.message));
  const goOn = useMayChange(owner) && onResume ? {label: "Go on", run: act(onResume)} : undefined;
  const count = `${finished} of ${whole} ${unit}`;
  if (status === "complete") return damage === undefined ? null : <Band tone="warning" text={damage} action={goOn} />;
  if (status === "failed")
    return <Band tone="error" text={`The ${kind} failed after ${count}: ${error ?? "no reason was given"}`} action={goOn} />;
  if (status === "partial" || status === "cancelled")
    return <Band tone="warning" text={`Partial: stopped after ${count}. ${stays}`} action={goOn} />;
  const left = seconds_left === null ? "" : `, ${formatSeconds(seconds_left)} left`;
  return (
    <p className="band band-note">
      <span>{status === "queued" ? `Waits for the ${kind} before it` : `${doing ?? count}${left}`}</span>
      <progress value={finished} max={whole} aria-label={`${unit[0].toUpperCase()}${unit.slice(1)} done`} />
      {onCancel && (
        <Changes owner={owner}>
          <button type="button" onClick={act(onCancel)}>
            {kind === "training" ? "Stop" : "Cancel"}
          </button>
        </Changes>
      )}
    </p>
  );
}
