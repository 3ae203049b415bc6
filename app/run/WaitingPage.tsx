import type {Job} from "../../api/contract/contract.ts";
import {useSource} from "../source/sourceContext.ts";
import {notify, showDialog, useStore} from "../state/store.ts";
import {Band} from "../parts/Band.tsx";
import {Changes} from "../parts/Changes.tsx";
import {setDraft} from "../capture/captureDraft.ts";

/** A capture that has not written its first state yet, or never did. */
export function WaitingPage({job}: {job: Job}) {
  const source = useSource();
  const ahead = useStore(({jobs}) => jobs.find(({position}) => position === 0));
  const again = (): void => {
    setDraft(job.request);
    showDialog("capture");
  };
  if (job.status === "failed" || job.status === "cancelled") {
    return (
      <main className="page">
        <h1>{job.title}</h1>
        <Band
          tone="error"
          text={
            job.status === "failed"
              ? `The capture failed: ${job.error ?? "no reason was given"}`
              : "The capture was cancelled before its first step."
          }
          action={{label: "Change it and capture again", run: again}}
        />
        <p className="prompt-kept">{job.request.prompt}</p>
      </main>
    );
  }
  const state =
    job.status === "queued"
      ? `Waiting: ${job.position ?? "?"} in the queue${ahead ? `, behind “${ahead.title}” at step ${Math.max(0, ahead.step)} of ${ahead.steps}` : ""}.`
      : "Loading the model …";
  return (
    <main className="page" aria-busy="true">
      <h1>{job.title}</h1>
      <p>{state}</p>
      <progress aria-label="Waiting" />
      <p>
        <Changes owner={job.owner}>
          <button type="button" onClick={() => void source.cancel(job.id).catch((error: Error) => notify(error.message))}>
            Cancel
          </button>
        </Changes>
      </p>
    </main>
  );
}
