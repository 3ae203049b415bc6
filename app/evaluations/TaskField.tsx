import {useRef, useState, type ChangeEvent} from "react";
import type {TaskSummary} from "../../api/contract/contract.ts";
import {OptionList} from "../parts/Select.tsx";
import {readyValue, type Remote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {useEvaluationDraft, type EvaluationDraft} from "./evaluationDraft.ts";

const FILE = "\0"; // no task is called so

interface TaskFieldProps {
  readonly draft: EvaluationDraft;
  readonly tasks: Remote<readonly TaskSummary[]>;
  readonly problem: string | undefined;
}

/** A task that ships, or a file of one's own, which goes to the server at once, so that it can say what is wrong with it. */
export function TaskField({draft: {task, sent}, tasks, problem}: TaskFieldProps) {
  const source = useSource();
  const chooser = useRef<HTMLInputElement>(null);
  const [state, setState] = useState<{readonly sending?: string; readonly error?: string}>({});
  const shipped = readyValue(tasks) ?? [];
  const chosen = shipped.find(({name}) => name === task) ?? shipped[0];
  const choose = async ({target}: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const [file] = target.files ?? [];
    target.value = ""; // the same file, mended, may be chosen again
    if (!file) return;
    const name = plainName(file.name);
    const upload = `page-${crypto.randomUUID()}`;
    setState({sending: file.name});
    try {
      await source.upload(upload, new File([file], name));
      useEvaluationDraft.setState({sent: {upload, file: name, name: file.name}});
      setState({});
    } catch (error) {
      setState({error: (error as Error).message});
    }
  };
  return (
    <div className="field">
      <label htmlFor="evaluation-task">Task</label>
      <select
        id="evaluation-task"
        data-first
        value={sent ? FILE : (chosen?.name ?? "")}
        aria-describedby="evaluation-task-about"
        onChange={({target}) =>
          target.value === FILE ? chooser.current?.click() : useEvaluationDraft.setState({task: target.value, sent: undefined})
        }
      >
        {sent && <option value={FILE}>{sent.name}</option>}
        <OptionList options={shipped.map(({name, items}) => [name, `${name}, ${items} items`])} />
      </select>
      <div className="file-row">
        <button type="button" onClick={() => chooser.current?.click()}>
          Choose a file …
        </button>
        <input ref={chooser} type="file" accept=".jsonl,.ndjson" aria-label="Task file" hidden onChange={(event) => void choose(event)} />
        <span className="note">{state.sending ? `Sending ${state.sending} …` : ".jsonl, lm-evaluation-harness’s samples as they are"}</span>
      </div>
      <div id="evaluation-task-about">
        {(state.error ?? problem) && (
          <p className="problem" role="alert">
            {state.error ?? problem}
          </p>
        )}
        <p className={tasks.status === "failed" ? "problem" : "hint"}>
          {tasks.status === "failed"
            ? `The tasks could not be listed: ${tasks.error.message}`
            : sent
              ? 'a {"prompt": …, "answer": …} a line, with "choices" for several'
              : chosen?.about}
        </p>
      </div>
    </div>
  );
}

/** A name that the server takes: letters, digits and a few signs, a letter or digit first. */
const plainName = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(-128)
    .replace(/^[^A-Za-z0-9]+/, "") || "task.jsonl";
