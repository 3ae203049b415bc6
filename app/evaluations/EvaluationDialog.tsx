import {useEffect, useMemo, useState} from "react";
import {computeDtypes, devices, engineKinds, evalBounds, type Bounds} from "../../api/contract/choices.ts";
import type {EvalCost} from "../../api/contract/contract.ts";
import {useStatePace} from "../capture/useStatePace.ts";
import {Choice} from "../parts/Choice.tsx";
import {Dialog} from "../parts/Dialog.tsx";
import {NumberField} from "../parts/NumberField.tsx";
import {TextField} from "../parts/TextField.tsx";
import {useSubmission} from "../parts/useSubmission.ts";
import {formatBytes, formatSeconds} from "../plot/format.ts";
import {readyValue, useRemote, type Remote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import type {EvaluationOrder} from "../source/Source.ts";
import {viewOf} from "../state/address.ts";
import {go, showDialog} from "../state/store.ts";
import {
  emptyEvaluation,
  evaluationOrder,
  evaluationProblems,
  OFFERED_CACHES,
  OFFERED_RULES,
  useEvaluationDraft,
  type EvaluationDraft
} from "./evaluationDraft.ts";
import {NamesField} from "./NamesField.tsx";
import {TaskField} from "./TaskField.tsx";

const ends = ({least, most}: Bounds): string => `${least} to ${most}`;

/** Asks for a task and how to run it, says what it will take, and starts the evaluation. What was typed is kept until it has been started. */
export function EvaluationDialog() {
  const source = useSource();
  const draft = useEvaluationDraft();
  const set = (patch: Partial<EvaluationDraft>): void => useEvaluationDraft.setState(patch);
  const models = useRemote((signal) => source.models(signal), ["models"]);
  const tasks = useRemote((signal) => source.tasks(signal), ["tasks"]);
  const usable = readyValue(models)?.filter(({error}) => error === null) ?? [];
  const model = usable.find(({name}) => name === draft.model) ?? usable[0];
  const task = readyValue(tasks)?.find(({name}) => name === draft.task) ?? readyValue(tasks)?.[0];
  const problems = useMemo(() => evaluationProblems(draft), [draft]);
  const isWhole = Object.keys(problems).length === 0 && model !== undefined && (draft.sent ?? task) !== undefined;
  const order = isWhole ? evaluationOrder({...draft, model: model.name, task: task?.name ?? ""}) : undefined;
  const cost = useCost(order);
  const pace = useStatePace(model?.name);
  const send = async (chosen: EvaluationOrder): Promise<void> => {
    const {id} = await source.startEvaluation(chosen);
    set({title: emptyEvaluation.title, sent: undefined});
    showDialog(undefined);
    go({...viewOf(""), evaluation: id});
  };
  const {tried, busy, refused, submit} = useSubmission(draft, {
    ready: models.status !== "loading" && tasks.status !== "loading",
    send: order && (() => send(order))
  });
  const unfit = refused ?? (cost.status === "failed" ? cost.error.message : undefined);
  return (
    <Dialog title="New evaluation" wide onClose={() => showDialog(undefined)}>
      <form className="capture" onSubmit={submit} noValidate>
        <div className="field-row">
          <TaskField draft={draft} tasks={tasks} problem={undefined} />
          <div className="field">
            <label htmlFor="evaluation-model">Model</label>
            <select
              id="evaluation-model"
              value={model?.name ?? ""}
              disabled={usable.length === 0}
              aria-describedby="evaluation-model-about"
              onChange={({target}) => set({model: target.value})}
            >
              {usable.map(({name}) => (
                <option key={name}>{name}</option>
              ))}
            </select>
            <p id="evaluation-model-about" className={models.status === "loading" || model ? "hint" : "problem"}>
              {models.status === "loading"
                ? "Looking for models …"
                : models.status === "failed"
                  ? `The models could not be listed: ${models.error.message}`
                  : model
                    ? `width ${model.width}, at most ${model.max_tokens} tokens, trained with ${model.mean_recurrence} steps on average`
                    : "There is no usable model: start the server with --models DIR."}
            </p>
          </div>
        </div>
        <TextField
          label="Depths"
          value={draft.steps}
          problem={problems.steps}
          hint={`steps at which every item is answered, ${ends(evalBounds.steps)}, joined by commas`}
          onChange={(steps) => set({steps})}
        />
        <NamesField
          label="Exit rules"
          value={draft.exits}
          problem={problems.exits}
          hint="each at the largest depth; kl:0.001 sets another threshold"
          offered={OFFERED_RULES}
          onChange={(exits) => set({exits})}
        />
        <NamesField
          label="Cache strategies"
          value={draft.kv}
          problem={problems.kv}
          hint="each at the largest depth, beside full"
          offered={OFFERED_CACHES}
          onChange={(kv) => set({kv})}
        />
        <div className="field-grid">
          <NumberField
            label="Items"
            value={draft.limit}
            problem={problems.limit}
            hint="only the first; empty for all"
            onChange={(limit) => set({limit})}
          />
          <NumberField
            label="Seed"
            value={draft.seed}
            problem={problems.seed}
            hint="of the initial states"
            onChange={(seed) => set({seed})}
          />
          <TextField
            label="Title"
            value={draft.title}
            problem={problems.title}
            hint="what to call it; may be empty"
            onChange={(title) => set({title})}
          />
        </div>
        <details className="more">
          <summary>Answers and engine</summary>
          <div className="field-grid">
            <NumberField
              label="Tokens of an answer"
              value={draft.maxNew}
              problem={problems.maxNew}
              hint="at most; empty for as many as the right one has"
              onChange={(maxNew) => set({maxNew})}
            />
            <Choice
              label="Engine"
              value={draft.engine}
              options={engineKinds.map((name) => [name, name] as const)}
              onChange={(engine) => set({engine})}
            />
            <Choice
              label="Numbers"
              value={draft.dtype}
              options={computeDtypes.map((name) => [name, name] as const)}
              onChange={(dtype) => set({dtype})}
            />
            <Choice
              label="Device"
              value={draft.device}
              options={devices.map((name) => [name, name] as const)}
              onChange={(device) => set({device})}
            />
          </div>
        </details>
        {unfit && (
          <p className="band band-error" role="alert">
            {unfit}
          </p>
        )}
        {tried && !isWhole && models.status === "ready" && !model && <p className="problem">There is no usable model.</p>}
        <footer>
          <span className="note" role="status">
            {cost.status === "ready" && cost.value ? costText(cost.value, pace) : cost.status === "loading" && order ? "Counting …" : ""}
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

const PAUSE_MS = 400; // while somebody types

/** What the server counts that an order would take; asked once nothing has changed for a while. */
function useCost(order: EvaluationOrder | undefined): Remote<EvalCost | undefined> {
  const source = useSource();
  const text = order && JSON.stringify({...order, title: undefined});
  const [asked, setAsked] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return useRemote(
    async (signal) => (asked === undefined ? undefined : source.evaluationCost(JSON.parse(asked) as EvaluationOrder, signal)),
    ["evaluation cost", asked ?? ""]
  );
}

function costText({items, settings, core_steps, bytes}: EvalCost, pace: number | undefined): string {
  const time = pace === undefined ? "" : `, about ${formatSeconds((core_steps * pace) / 1000)} at the pace of the last run`;
  return `${items.toLocaleString("en")} × ${settings} ${settings === 1 ? "setting" : "settings"}, at most ${core_steps.toLocaleString("en")} steps of a token, ${formatBytes(bytes)} on disk${time}`;
}
