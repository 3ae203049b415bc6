import {useMemo, type KeyboardEvent} from "react";
import {create} from "zustand";
import {Dialog} from "../parts/Dialog.tsx";
import {DialogEnd} from "../parts/DialogEnd.tsx";
import {Select} from "../parts/Select.tsx";
import {TextField} from "../parts/TextField.tsx";
import {useSubmission} from "../parts/useSubmission.ts";
import {readyValue, useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {viewOf} from "../state/address.ts";
import {go, showDialog} from "../state/store.ts";

/** What was typed, kept until it has been started. */
interface Draft {
  readonly title: string;
  /** The recipe as JSON; undefined until it is changed: the one that was chosen. */
  readonly text: string | undefined;
  /** Name of the recipe that it began with. */
  readonly from: string | undefined;
}

const emptyDraft: Draft = {title: "", text: undefined, from: undefined};
const useTrainingDraft = create<Draft>()(() => emptyDraft);

/** Asks for a recipe, beginning with one of those that ship, and starts the training. */
export function TrainingDialog() {
  const source = useSource();
  const draft = useTrainingDraft();
  const recipes = useRemote((signal) => source.recipes(signal), ["recipes"]);
  const known = readyValue(recipes)?.recipes ?? [];
  const from = known.find(({name}) => name === draft.from) ?? known[0];
  const text = draft.text ?? (from ? JSON.stringify(from.recipe, undefined, 1) : "");
  const problem = useMemo(() => jsonProblem(text), [text]);
  const send = async (): Promise<void> => {
    const {id} = await source.startTraining({...(draft.title.trim() !== "" && {title: draft.title.trim()}), recipe: JSON.parse(text)});
    useTrainingDraft.setState(emptyDraft);
    showDialog(undefined);
    go({...viewOf(""), training: id});
  };
  const {tried, busy, refused, submit} = useSubmission(draft, {
    ready: recipes.status !== "loading",
    send: problem === undefined ? send : undefined
  });
  const press = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
  };
  return (
    <Dialog title="New training" wide onClose={() => showDialog(undefined)}>
      <form className="capture" onSubmit={submit} noValidate>
        <div className="field-row">
          <TextField
            label="Title"
            value={draft.title}
            onChange={(title) => useTrainingDraft.setState({title})}
            hint="Of your choice; the task’s name where it is empty."
          />
          <div className="field">
            <Select
              label="Begin with"
              showLabel
              value={from?.name ?? ""}
              options={known.map(({name}): [string, string] => [name, name])}
              onChange={(name) => useTrainingDraft.setState({from: name, text: undefined})}
            />
            <p className="hint">{from?.about}</p>
          </div>
        </div>
        <div className="field">
          <label htmlFor="training-recipe">Recipe</label>
          <textarea
            id="training-recipe"
            className="recipe-text"
            data-first
            spellCheck={false}
            value={text}
            aria-invalid={tried && problem !== undefined}
            aria-describedby="training-recipe-about"
            onChange={({target}) => useTrainingDraft.setState({text: target.value})}
            onKeyDown={press}
          />
          <p id="training-recipe-about" className={tried && problem ? "problem" : "hint"}>
            {(tried && problem) || "JSON: task, updates, model, depth, loss, optimiser. What is left out takes its default."}
          </p>
        </div>
        {recipes.status === "failed" && <p className="problem">{recipes.error.message}</p>}
        <DialogEnd refused={refused} busy={busy} />
      </form>
    </Dialog>
  );
}

/** Why a text is no JSON; undefined where it is. */
function jsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return `Not JSON: ${(error as Error).message}`;
  }
}
