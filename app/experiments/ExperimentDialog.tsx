import {useMemo} from "react";
import {viewOf} from "../state/address.ts";
import {emptyExperiment, experimentOrder, startsEach, useExperimentDraft} from "./experimentDraft.ts";
import {experimentProblems, promptsIn} from "./experimentProblems.ts";
import {useRemote, readyValue} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {go, showDialog} from "../state/store.ts";
import {useSubmission} from "../parts/useSubmission.ts";
import {Dialog} from "../parts/Dialog.tsx";
import {ExperimentOptions} from "./ExperimentOptions.tsx";
import {PromptsField} from "./PromptsField.tsx";
import {TextField} from "../parts/TextField.tsx";

/** Asks for prompts and how to run them, and starts the experiment. What was typed is kept until it has been started. */
export function ExperimentDialog() {
  const source = useSource();
  const draft = useExperimentDraft();
  const models = useRemote((signal) => source.models(signal), ["models"]);
  const usable = readyValue(models)?.filter(({error}) => error === null) ?? [];
  const model = usable.find(({name}) => name === draft.model) ?? usable[0];
  const problems = useMemo(() => experimentProblems(draft), [draft]);
  const prompts = useMemo(() => promptsIn(draft.prompts), [draft.prompts]);
  const count = "count" in prompts ? prompts.count : 0;
  const send = async (chosen: string): Promise<void> => {
    const {id} = await source.startExperiment(experimentOrder({...draft, model: chosen}));
    useExperimentDraft.setState({...draft, title: emptyExperiment.title, prompts: emptyExperiment.prompts, keep: emptyExperiment.keep});
    showDialog(undefined);
    go({...viewOf(""), experiment: id});
  };
  const {tried, busy, refused, submit} = useSubmission(draft, {
    ready: models.status !== "loading",
    send: model && Object.keys(problems).length === 0 ? () => send(model.name) : undefined
  });

  return (
    <Dialog title="New experiment" wide onClose={() => showDialog(undefined)}>
      <form className="capture" onSubmit={submit} noValidate>
        <PromptsField text={draft.prompts} problem={tried || draft.prompts !== "" ? problems.prompts : undefined} count={count} />
        <div className="field-row">
          <div className="field">
            <label htmlFor="experiment-model">Model</label>
            <select
              id="experiment-model"
              value={model?.name ?? ""}
              disabled={usable.length === 0}
              aria-describedby="experiment-model-about"
              onChange={({target}) => useExperimentDraft.setState({model: target.value})}
            >
              {usable.map(({name}) => (
                <option key={name}>{name}</option>
              ))}
            </select>
            <p id="experiment-model-about" className={models.status === "loading" || model ? "hint" : "problem"}>
              {models.status === "loading"
                ? "Looking for models …"
                : models.status === "failed"
                  ? `The models could not be listed: ${models.error.message}`
                  : model
                    ? `width ${model.width}, at most ${model.max_tokens} tokens`
                    : "There is no usable model: start the server with --models DIR."}
            </p>
          </div>
          <TextField
            label="Title"
            value={draft.title}
            problem={problems.title}
            hint="what to call it; may be empty"
            onChange={(title) => useExperimentDraft.setState({title})}
          />
        </div>
        <ExperimentOptions draft={draft} model={model} problems={problems} />
        {refused && (
          <p className="band band-error" role="alert">
            {refused}
          </p>
        )}
        <footer>
          <span className="note">
            {count > 0 && Object.keys(problems).length === 0 && `${count} × ${startsEach(draft, count)} starts × ${draft.steps} steps`}
          </span>
          <span className="header-space" />
          <button type="button" className="quiet" onClick={() => showDialog(undefined)}>
            Close
          </button>
          <button type="submit" className="primary" disabled={busy || (models.status !== "loading" && !model)}>
            {busy ? "Starting …" : "Start"}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
