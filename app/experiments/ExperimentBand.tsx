import type {Experiment} from "../../api/contract/contract.ts";
import {formatSeconds} from "../plot/format.ts";
import {useSource} from "../source/sourceContext.ts";
import {notify} from "../state/store.ts";
import {Band} from "../parts/Band.tsx";
import {Changes, useMayChange} from "../parts/Changes.tsx";

/** How far an experiment is, or why it is not whole, and what can be done about it. */
export function ExperimentBand({experiment: {id, owner, status, finished, prompts, seconds_left, error}}: {experiment: Experiment}) {
  const source = useSource();
  const act = (done: Promise<unknown>): void => void done.catch((failure: Error) => notify(failure.message));
  const goOn = useMayChange(owner) ? {label: "Go on", run: () => act(source.resumeExperiment(id))} : undefined;
  if (status === "complete") return null;
  if (status === "failed")
    return (
      <Band
        tone="error"
        text={`The experiment failed after ${finished} of ${prompts} prompts: ${error ?? "no reason was given"}`}
        action={goOn}
      />
    );
  if (status === "cancelled" && finished === 0) return <Band tone="warning" text="Cancelled before a prompt was finished." />;
  if (status === "partial" || status === "cancelled")
    return (
      <Band
        tone="warning"
        text={`Partial: stopped after ${finished} of ${prompts} prompts. What is finished is shown, and stays when it goes on.`}
        action={goOn}
      />
    );
  return (
    <p className="band band-note">
      <span>
        {status === "queued"
          ? "Waits for the experiment before it"
          : finished === prompts
            ? "Keeping traces and summing up"
            : `${finished} of ${prompts} prompts${seconds_left === null ? "" : `, ${formatSeconds(seconds_left)} left`}`}
      </span>
      <progress value={finished} max={prompts} aria-label="Prompts finished" />
      <Changes owner={owner}>
        <button type="button" onClick={() => act(source.cancelExperiment(id))}>
          Cancel
        </button>
      </Changes>
    </p>
  );
}
