import {visible} from "../../capture/trace/visible.ts";
import {MAX_TITLE_CHARACTERS, writtenSteps} from "../../api/contract/choices.ts";
import {useState} from "react";
import type {ListedRun, RunChange, RunSummary} from "../../api/contract/contract.ts";
import {formatAge, formatBytes} from "../plot/format.ts";
import {useSource} from "../source/sourceContext.ts";
import {notify} from "../state/store.ts";
import type {KnownLabels} from "./useRunLabels.ts";
import {Changes} from "../parts/Changes.tsx";
import {RunLabels} from "./RunLabels.tsx";
import {RunName} from "./RunName.tsx";
import {RunSpark} from "./RunSpark.tsx";

interface RunRowProps {
  readonly run: ListedRun;
  readonly labels: ReturnType<KnownLabels["get"]>;
  readonly selected: boolean;
  /** With `range`, all from the one selected before. */
  readonly onSelect: (options: {readonly range: boolean}) => void;
  readonly onChange: () => void;
}

/** One run of the list, with selecting, renaming, tagging and deleting. */
export function RunRow({run, labels, selected, onSelect, onChange}: RunRowProps) {
  const source = useSource();
  const [editing, setEditing] = useState(false);
  const fail = (error: Error): void => notify(error.message);
  const change = (to: RunChange): void => {
    setEditing(false);
    source.change(run.id, to).then(onChange, fail);
  };
  const remove = (): void => {
    source.remove(run.id).then(() => {
      onChange();
      notify(`Deleted “${run.title}”.`, {label: "Undo", run: () => void source.restore(run.id).then(onChange, fail)});
    }, fail);
  };
  return (
    <tr aria-selected={selected}>
      <td className="select-cell">
        <input
          type="checkbox"
          aria-label={`Select ${run.title}`}
          checked={selected}
          onChange={({nativeEvent}) => onSelect({range: (nativeEvent as MouseEvent).shiftKey})}
        />
      </td>
      <td className="run-cell">
        {editing ? <RunEditor run={run} onSave={change} onCancel={() => setEditing(false)} /> : <RunName run={run} />}
      </td>
      <td className="spare">
        <RunSpark course={labels && "course" in labels ? labels.course : undefined} />
      </td>
      <td className="model-cell">{visible(run.model)}</td>
      <td>
        {run.live ? (
          `capturing, step ${writtenSteps(run)}`
        ) : run.status === "complete" ? (
          "complete"
        ) : (
          <span className="partial" title={run.stopped ?? undefined}>
            stopped at {writtenSteps(run)}
          </span>
        )}
      </td>
      <td>
        <RunLabels run={run} known={labels} />
      </td>
      <td className="number spare">{run.tokens}</td>
      <td className="number">{run.steps}</td>
      <td className="number spare">{run.inits}</td>
      <td className="number spare">{formatBytes(run.bytes)}</td>
      <td title={run.created}>{formatAge(run.created, Date.now())}</td>
      <td className="row-actions">
        {!run.example && (
          <Changes owner={run.owner}>
            <button type="button" className="quiet" onClick={() => setEditing(true)} aria-label={`Edit title and tags of ${run.title}`}>
              Edit
            </button>
            <button type="button" className="quiet" onClick={remove} disabled={run.live} aria-label={`Delete ${run.title}`}>
              Delete
            </button>
          </Changes>
        )}
      </td>
    </tr>
  );
}

interface RunEditorProps {
  readonly run: RunSummary;
  readonly onSave: (change: RunChange) => void;
  readonly onCancel: () => void;
}

function RunEditor({run, onSave, onCancel}: RunEditorProps) {
  const [title, setTitle] = useState(run.title);
  const [tags, setTags] = useState(run.tags.join(", "));
  return (
    <form
      className="run-editor"
      onSubmit={(event) => {
        event.preventDefault();
        onSave({
          title: title.trim() || run.title,
          tags: [
            ...new Set(
              tags
                .split(",")
                .map((tag) => tag.trim())
                .filter(Boolean)
            )
          ]
        });
      }}
      onKeyDown={({key}) => {
        if (key === "Escape") onCancel();
      }}
    >
      <input autoFocus aria-label="Title" value={title} maxLength={MAX_TITLE_CHARACTERS} onChange={({target}) => setTitle(target.value)} />
      <input
        aria-label="Tags, joined by commas"
        placeholder="tags, joined by commas"
        value={tags}
        onChange={({target}) => setTags(target.value)}
      />
      <button type="submit">Save</button>
      <button type="button" className="quiet" onClick={onCancel}>
        Cancel
      </button>
    </form>
  );
}
