import type {Training} from "../../api/contract/contract.ts";
import {Band} from "../parts/Band.tsx";
import {Changes, useMayChange} from "../parts/Changes.tsx";
import {formatNumber, formatSeconds} from "../plot/format.ts";
import {useSource} from "../source/sourceContext.ts";
import {notify} from "../state/store.ts";

interface TrainingBandProps {
  readonly training: Training;
  /** As the log last says it. */
  readonly loss: number | undefined;
}

/** How far a training run is, or why it is not whole, and what can be done about it. */
export function TrainingBand({training: {id, owner, status, finished, updates, seconds_left, error}, loss}: TrainingBandProps) {
  const source = useSource();
  const act = (done: Promise<unknown>): void => void done.catch((failure: Error) => notify(failure.message));
  const goOn = useMayChange(owner) ? {label: "Go on", run: () => act(source.resumeTraining(id))} : undefined;
  if (status === "complete") return null;
  if (status === "failed")
    return (
      <Band
        tone="error"
        text={`The training failed after ${finished} of ${updates} updates: ${error ?? "no reason was given"}`}
        action={goOn}
      />
    );
  if (status === "partial" || status === "cancelled")
    return (
      <Band
        tone="warning"
        text={`Partial: stopped after ${finished} of ${updates} updates. It goes on from there to the same numbers as without the stop.`}
        action={goOn}
      />
    );
  return (
    <p className="band band-note">
      <span>
        {status === "queued"
          ? "Waits for the training before it"
          : `${finished} of ${updates} updates${loss === undefined ? "" : `, loss ${formatNumber(loss)}`}${seconds_left === null ? "" : `, ${formatSeconds(seconds_left)} left`}`}
      </span>
      <progress value={finished} max={updates} aria-label="Updates done" />
      <Changes owner={owner}>
        <button type="button" onClick={() => act(source.cancelTraining(id))}>
          Stop
        </button>
      </Changes>
    </p>
  );
}
