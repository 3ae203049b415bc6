import {useMemo} from "react";
import {useStatePace} from "../capture/useStatePace.ts";
import {Dialog} from "../parts/Dialog.tsx";
import {DialogEnd} from "../parts/DialogEnd.tsx";
import {ModelChoice} from "../parts/ModelChoice.tsx";
import {useModels} from "../parts/useModels.ts";
import {useOrderCost} from "../parts/useOrderCost.ts";
import {useSubmission} from "../parts/useSubmission.ts";
import {readyValue, useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import type {EvaluationOrder} from "../source/Source.ts";
import {viewOf} from "../state/address.ts";
import {go, showDialog} from "../state/store.ts";
import {costText} from "./evaluationCost.ts";
import {emptyEvaluation, evaluationOrder, evaluationProblems, useEvaluationDraft} from "./evaluationDraft.ts";
import {EngineFields, SettingFields} from "./SettingFields.tsx";
import {TaskField} from "./TaskField.tsx";

/** Asks for a task and how to run it, says what it will take, and starts the evaluation. What was typed is kept until it has been started. */
export function EvaluationDialog() {
  const source = useSource();
  const draft = useEvaluationDraft();
  const {models, usable, model} = useModels(draft.model);
  const tasks = useRemote((signal) => source.tasks(signal), ["tasks"]);
  const task = readyValue(tasks)?.find(({name}) => name === draft.task) ?? readyValue(tasks)?.[0];
  const problems = useMemo(() => evaluationProblems(draft), [draft]);
  const isWhole = Object.keys(problems).length === 0 && model !== undefined && (draft.sent ?? task) !== undefined;
  const order = isWhole ? evaluationOrder({...draft, model: model.name, task: task?.name ?? ""}) : undefined;
  const cost = useOrderCost("evaluation cost", order, source.evaluationCost);
  const pace = useStatePace(model?.name);
  const send = async (chosen: EvaluationOrder): Promise<void> => {
    const {id} = await source.startEvaluation(chosen);
    useEvaluationDraft.setState({title: emptyEvaluation.title, sent: undefined});
    showDialog(undefined);
    go({...viewOf(""), evaluation: id});
  };
  const {busy, refused, submit} = useSubmission(draft, {
    ready: models.status !== "loading" && tasks.status !== "loading",
    send: order && (() => send(order))
  });
  const unfit = refused ?? (cost.status === "failed" ? cost.error.message : undefined);
  return (
    <Dialog title="New evaluation" wide onClose={() => showDialog(undefined)}>
      <form className="capture" onSubmit={submit} noValidate>
        <div className="field-row">
          <TaskField draft={draft} tasks={tasks} problem={undefined} />
          <ModelChoice models={models} usable={usable} model={model} onChange={(name) => useEvaluationDraft.setState({model: name})} />
        </div>
        <SettingFields draft={draft} problems={problems} model={model} />
        <EngineFields draft={draft} problems={problems} />
        <DialogEnd refused={unfit} busy={busy} disabled={models.status !== "loading" && !model}>
          <span className="note" role="status">
            {cost.status === "ready" && cost.value ? costText(cost.value, pace) : cost.status === "loading" && order ? "Counting …" : ""}
          </span>
        </DialogEnd>
      </form>
    </Dialog>
  );
}
