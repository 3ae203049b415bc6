import type {Evaluation} from "../../api/contract/contract.ts";
import {Band} from "../parts/Band.tsx";
import {Changes, useMayChange} from "../parts/Changes.tsx";
import {formatSeconds} from "../plot/format.ts";
import {useSource} from "../source/sourceContext.ts";
import {notify} from "../state/store.ts";

interface EvaluationBandProps {
  readonly evaluation: Evaluation;
  /** What is wrong with answers that cannot be read. */
  readonly damage: readonly string[];
}

/** How far an evaluation is, or why it is not whole, and what can be done about it. */
export function EvaluationBand({evaluation: {id, owner, status, finished, items, seconds_left, error}, damage}: EvaluationBandProps) {
  const source = useSource();
  const act = (done: Promise<unknown>): void => void done.catch((failure: Error) => notify(failure.message));
  const goOn = useMayChange(owner) ? {label: "Go on", run: () => act(source.resumeEvaluation(id))} : undefined;
  if (status === "complete")
    return damage.length > 0 ? (
      <Band tone="warning" text={`${damage.length} answers cannot be read, and are left out: ${damage[0]}`} action={goOn} />
    ) : null;
  if (status === "failed")
    return (
      <Band
        tone="error"
        text={`The evaluation failed after ${finished} of ${items} items: ${error ?? "no reason was given"}`}
        action={goOn}
      />
    );
  if (status === "partial" || status === "cancelled")
    return (
      <Band
        tone="warning"
        text={`Partial: stopped after ${finished} of ${items} items. What is answered is shown, and stays when it goes on.`}
        action={goOn}
      />
    );
  return (
    <p className="band band-note">
      <span>
        {status === "queued"
          ? "Waits for the evaluation before it"
          : `${finished} of ${items} items${seconds_left === null ? "" : `, ${formatSeconds(seconds_left)} left`}`}
      </span>
      <progress value={finished} max={items} aria-label="Items answered" />
      <Changes owner={owner}>
        <button type="button" onClick={() => act(source.cancelEvaluation(id))}>
          Cancel
        </button>
      </Changes>
    </p>
  );
}
