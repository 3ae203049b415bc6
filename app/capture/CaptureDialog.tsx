import type {ModelSummary} from "../../api/contract/contract.ts";
import {emptyDraft, orderOf, useDraft} from "./captureDraft.ts";
import {captureCost, costWords} from "./captureCost.ts";
import {problemsOf} from "./draftProblems.ts";
import {editProblem, editsOf} from "./edits.ts";
import {readyValue} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {go, openRun, showDialog, useStore} from "../state/store.ts";
import {NO_MODEL, useModels, type ModelOffer} from "../parts/useModels.ts";
import {useSubmission} from "../parts/useSubmission.ts";
import {useTokens} from "./useTokens.ts";
import {withJob} from "../state/useServer.ts";
import {CaptureOptions} from "./CaptureOptions.tsx";
import {Dialog} from "../parts/Dialog.tsx";
import {DialogEnd} from "../parts/DialogEnd.tsx";
import {EditFields} from "./EditFields.tsx";
import {ModelCardNote} from "./ModelCardNote.tsx";
import {useStatePace} from "./useStatePace.ts";
import {PromptField} from "./PromptField.tsx";

/** Asks for a prompt and how to run it, and starts the capture. What was typed is kept until it has been captured. */
export function CaptureDialog() {
  const source = useSource();
  const draft = useDraft();
  const {models, usable, model} = useModels(draft.model);
  const tokens = useTokens(model?.name, draft.prompt);
  const cost = captureCost(draft, model, readyValue(tokens)?.length, useStatePace(model?.name));
  const problems = problemsOf(draft, model, readyValue(tokens)?.length);
  const isWhole = Object.keys(problems).length === 0 && !draft.edits.some((edit) => editProblem(edit, draft.steps, model?.not_offered));
  const send = async (chosen: ModelSummary): Promise<void> => {
    const edits = await editsOf(draft.edits, source);
    const lens = chosen.lenses.find((name) => name === draft.lens); // another model may have other lenses
    const job = await source.capture({...orderOf({...draft, model: chosen.name, lens}), edits});
    useStore.setState(({jobs}) => ({jobs: withJob(jobs, job)}));
    useDraft.setState({...emptyDraft, model: chosen.name, steps: draft.steps, inits: draft.inits});
    showDialog(undefined);
    if (draft.original) go({run: draft.original, others: [job.run]});
    else openRun(job.run);
  };
  const {tried, busy, refused, submit} = useSubmission(draft, {
    ready: models.status !== "loading",
    send: model && isWhole ? () => send(model) : undefined
  });

  return (
    <Dialog title={draft.original ? "Steer: capture again with a change" : "New capture"} wide onClose={() => showDialog(undefined)}>
      <form className="capture" onSubmit={submit} noValidate>
        <ModelField models={models} usable={usable} model={model} />
        <ModelCardNote model={model} />
        <PromptField
          draft={draft}
          tokens={tokens}
          problem={tried || draft.prompt.length > 0 ? problems.prompt : undefined}
          maxTokens={model?.max_tokens}
          onSubmit={submit}
        />
        <CaptureOptions draft={draft} model={model} problems={problems} />
        <EditFields draft={draft} model={model} tried={tried} />
        <DialogEnd refused={refused} busy={busy} disabled={models.status !== "loading" && !model} start="Capture">
          <span className="note">{cost && costWords(cost)}</span>
        </DialogEnd>
      </form>
    </Dialog>
  );
}

function ModelField({models, usable, model}: ModelOffer) {
  if (models.status === "loading") return <p className="note">Looking for models …</p>;
  if (models.status === "failed") return <p className="problem">The models could not be listed: {models.error.message}</p>;
  const broken = models.value.filter(({error}) => error !== null);
  const notUsable = broken.length > 0 && (
    <p className="hint">Not usable: {broken.map(({name, error}) => `${name} (${error})`).join("; ")}</p>
  );
  if (usable.length === 0)
    return (
      <div className="field">
        <p className="problem">{NO_MODEL}</p>
        {notUsable}
      </div>
    );
  return (
    <div className="field">
      <label htmlFor="capture-model">Model</label>
      <select id="capture-model" value={model?.name} onChange={({target}) => useDraft.setState({model: target.value, sites: ["state"]})}>
        {usable.map(({name, width, blocks}) => (
          <option key={name} value={name}>
            {name} — width {width}, {Object.values(blocks).join("+")} blocks
          </option>
        ))}
      </select>
      {notUsable}
    </div>
  );
}
