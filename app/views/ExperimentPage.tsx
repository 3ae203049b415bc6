import {useMemo} from "react";
import type {PromptResult} from "../../api/contract.ts";
import {formatSeconds} from "../plot/format.ts";
import {useRemote} from "../remote.ts";
import {useSource} from "../sourceContext.ts";
import {notify, useStore} from "../store.ts";
import {useClock} from "../useClock.ts";
import {AgreementPlot} from "./AgreementPlot.tsx";
import {Band} from "./Band.tsx";
import {ExperimentPrompt} from "./ExperimentPrompt.tsx";
import {Loading} from "./Loading.tsx";
import {PromptTable} from "./PromptTable.tsx";

const REFRESH_MS = 1500;
const SHOWN_PROMPTS = 200;

/** One experiment: where the starts of each prompt end, how fast they close in, and whether they say the same. */
export function ExperimentPage({id}: {id: string}) {
  const source = useSource();
  const epoch = useStore((state) => state.epoch);
  const state = useRemote((signal) => source.experiment(id, signal), ["experiment", id], useRefresh(id, epoch));
  const running = state.status === "ready" && (state.value.status === "running" || state.value.status === "queued");
  const finished = state.status === "ready" ? state.value.finished : 0;
  const results = useRemote(async (signal) => (finished ? source.experimentResults(id, 0, SHOWN_PROMPTS, signal) : []), ["results", id, finished > 0], finished);
  const prompts: readonly PromptResult[] = results.status === "ready" ? results.value : [];
  const chosen = useStore((store) => store.view.prompt);
  const shown = useMemo(() => prompts.find(({index}) => index === chosen) ?? prompts[0], [prompts, chosen]);
  if (state.status === "loading") return <Loading what="the experiment" />;
  if (state.status === "failed") return <main className="page"><Band tone="error" text={state.error.message} /></main>;
  const {title, model, steps, inits, status, error, prompts: count, seconds_left} = state.value;
  const act = (done: Promise<unknown>): void => void done.catch((failure: Error) => notify(failure.message));
  return (
    <main className="page experiment">
      <header className="page-head">
        <h1>{title}</h1>
        <span className="note">
          {model} · {count} {count === 1 ? "prompt" : "prompts"} · {steps} steps · {inits} random starts each
        </span>
      </header>
      {running && (
        <p className="band band-note">
          <span>
            {finished} of {count} prompts{seconds_left === null ? "" : `, ${formatSeconds(seconds_left)} left`}
          </span>
          <progress value={finished} max={count} aria-label="Prompts finished" />
          <button type="button" onClick={() => act(source.cancelExperiment(id))}>
            Cancel
          </button>
        </p>
      )}
      {(status === "partial" || status === "cancelled") && <Band tone="warning" text={`Stopped after ${finished} of ${count} prompts. What is finished is shown.`} action={{label: "Go on", run: () => act(source.resumeExperiment(id))}} />}
      {status === "failed" && <Band tone="error" text={`The experiment failed: ${error ?? "no reason was given"}`} action={{label: "Go on", run: () => act(source.resumeExperiment(id))}} />}
      {prompts.length === 0 && !running && <p className="note">No prompt is finished.</p>}
      {prompts.length > 0 && (
        <>
          <AgreementPlot prompts={prompts} chosen={shown?.index} />
          <PromptTable prompts={prompts} chosen={shown?.index} count={count} />
        </>
      )}
      {shown && <ExperimentPrompt result={shown} model={model} steps={steps} inits={inits} />}
    </main>
  );
}

/** Asks again while the experiment may still run: its own events say more than is needed here. */
function useRefresh(id: string, epoch: number): string {
  const source = useSource();
  const first = useRemote((signal) => source.experiment(id, signal), ["first", id]);
  const done = first.status === "ready" && (first.value.status === "complete" || first.value.status === "failed");
  return `${epoch} ${useClock(!done, REFRESH_MS)}`;
}
