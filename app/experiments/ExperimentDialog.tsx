import {useMemo} from "react";
import {viewOf} from "../state/address.ts";
import {emptyExperiment, experimentOrder, startsEach, useExperimentDraft} from "./experimentDraft.ts";
import {experimentProblems, promptsIn} from "./experimentProblems.ts";
import {useSource} from "../source/sourceContext.ts";
import {go, showDialog} from "../state/store.ts";
import {useModels} from "../parts/useModels.ts";
import {useSubmission} from "../parts/useSubmission.ts";
import {ModelChoice} from "../parts/ModelChoice.tsx";
import {Dialog} from "../parts/Dialog.tsx";
import {DialogEnd} from "../parts/DialogEnd.tsx";
import {ExperimentOptions} from "./ExperimentOptions.tsx";
import {PromptsField} from "./PromptsField.tsx";
import {TextField} from "../parts/TextField.tsx";

/** Asks for prompts and how to run them, and starts the experiment. What was typed is kept until it has been started. */
export function ExperimentDialog() {
  const source = useSource();
  const draft = useExperimentDraft();
  const {models, usable, model} = useModels(draft.model);
  const problems = useMemo(() => experimentProblems(draft, model), [draft, model]);
  const prompts = useMemo(() => promptsIn(draft.prompts), [draft.prompts]);
  const count = "count" in prompts ? prompts.count : 0;
  const isWhole = Object.keys(problems).length === 0;
  const send = async (chosen: string): Promise<void> => {
    const {id} = await source.startExperiment(experimentOrder({...draft, model: chosen}));
    useExperimentDraft.setState({...draft, title: emptyExperiment.title, prompts: emptyExperiment.prompts, keep: emptyExperiment.keep});
    showDialog(undefined);
    go({...viewOf(""), experiment: id});
  };
  const {tried, busy, refused, submit} = useSubmission(draft, {
    ready: models.status !== "loading",
    send: model && isWhole ? () => send(model.name) : undefined
  });

  return (
    <Dialog title="New experiment" wide onClose={() => showDialog(undefined)}>
      <form className="capture" onSubmit={submit} noValidate>
        <PromptsField
          text={draft.prompts}
          problem={tried || draft.prompts !== "" ? problems.prompts : undefined}
          count={count}
          about="After a tab the answer that should follow; with it the landscape is judged too."
          onText={(text) => useExperimentDraft.setState({prompts: text})}
          onFile={(name) => draft.title === "" && useExperimentDraft.setState({title: name})}
        />
        <div className="field-row">
          <ModelChoice
            models={models}
            usable={usable}
            model={model}
            problem={problems.model}
            onChange={(name) => useExperimentDraft.setState({model: name})}
          />
          <TextField
            label="Title"
            value={draft.title}
            problem={problems.title}
            hint="what to call it; may be empty"
            onChange={(title) => useExperimentDraft.setState({title})}
          />
        </div>
        <ExperimentOptions draft={draft} model={model} problems={problems} />
        <DialogEnd refused={refused} busy={busy} disabled={models.status !== "loading" && !model}>
          <span className="note">{count > 0 && isWhole && `${count} × ${startsEach(draft, count)} starts × ${draft.steps} steps`}</span>
        </DialogEnd>
      </form>
    </Dialog>
  );
}
