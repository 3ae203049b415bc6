import {writtenSteps} from "../../api/contract/choices.ts";
import type {RunData} from "./runData.ts";
import {setDraft} from "../capture/captureDraft.ts";
import {formatSeconds} from "../plot/format.ts";
import {useSource} from "../source/sourceContext.ts";
import {notify, openRuns, showDialog} from "../state/store.ts";
import {useJobOf} from "./useRunVersion.ts";
import {isOver} from "../state/useServer.ts";
import {Band} from "../parts/Band.tsx";
import {Changes, useMayChange} from "../parts/Changes.tsx";

/** What is special about the run: it is gone, it still grows, or it stopped early. */
export function RunBand({data, gone}: {data: RunData; gone: boolean}) {
  const source = useSource();
  const job = useJobOf(data.summary.id);
  const mayChange = useMayChange(null);
  const {status, stopped, steps, steps_written} = data.trace;
  if (gone)
    return (
      <Band
        tone="warning"
        text="This run was deleted, or moved. What is loaded stays usable."
        action={{label: "All runs", run: openRuns}}
      />
    );
  if (job && !isOver(job)) {
    const left = job.seconds_left === null ? "" : `, ${formatSeconds(job.seconds_left)} left`;
    return (
      <p className="band band-note">
        <span>
          Capturing: step {Math.max(0, job.step)} of {job.steps}
          {left}
        </span>
        <progress value={Math.max(0, job.step)} max={job.steps} aria-label="Steps captured" />
        <Changes owner={job.owner}>
          <button type="button" onClick={() => void source.cancel(job.id).catch((error: Error) => notify(error.message))}>
            Cancel
          </button>
        </Changes>
      </p>
    );
  }
  if (data.lastStep < steps_written) {
    return (
      <p className="band band-note" role="status">
        <span>
          Loading: step {data.lastStep} of {steps_written}
        </span>
        <progress value={data.lastStep} max={steps_written} aria-label="Steps loaded" />
      </p>
    );
  }
  if (status === "complete" || data.summary.live) return null;
  const again = (): void => {
    setDraft(job?.request ?? requestOf(data));
    showDialog("capture");
  };
  return (
    <Band
      tone="warning"
      text={`Stopped at step ${writtenSteps(data.trace)} of ${steps}${stopped ? ` (${stopped})` : ""}. What exists is shown.`}
      action={mayChange ? {label: "Capture again", run: again} : undefined}
    />
  );
}

/** The order that would make this run again. */
export function requestOf({trace}: Pick<RunData, "trace">) {
  const [init] = trace.inits;
  return {
    model: trace.model.name,
    ...(trace.prompt === null ? {token_ids: trace.tokens.map(({id}) => id)} : {prompt: trace.prompt}),
    steps: trace.steps,
    inits: trace.inits.length,
    seed: init.seed ?? 0,
    init: {kind: init.kind === "zero" || init.kind === "constant" ? init.kind : ("normal" as const), scale: init.scale ?? 1},
    sites: trace.sites.map(({name}) => name)
  };
}
