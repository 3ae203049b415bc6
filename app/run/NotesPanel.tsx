import {useState} from "react";
import {MAX_NOTE_CHARACTERS} from "../../api/contract/choices.ts";
import type {Note, RunSummary} from "../../api/contract/contract.ts";
import {tokenLabel} from "../plot/format.ts";
import {useMayChange} from "../parts/Changes.tsx";
import {useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {go, notify} from "../state/store.ts";
import {ViewNotes} from "./ViewNotes.tsx";

export interface NotesPanelProps {
  readonly summary: RunSummary;
  readonly names: readonly string[];
  readonly token: number;
}

/** What was written on the chosen token, on views of the run and on the run: kept beside it, and part of its report. */
export function NotesPanel({summary: {id, owner, example}, names, token}: NotesPanelProps) {
  const source = useSource();
  const mayChange = useMayChange(owner) && !example;
  const [written, setWritten] = useState(0);
  const answer = useRemote((signal) => source.notes(id, signal), ["notes", id], written);
  const notes = answer.status === "ready" ? answer.value.notes : NONE;
  if (!mayChange && notes.length === 0) return null;
  const others = notes.filter((note) => note.token !== token && note.token !== null);
  const save = (note: Note): Promise<boolean> =>
    source.note(id, note).then(
      () => {
        setWritten((count) => count + 1);
        return true;
      },
      (error: Error) => {
        notify(error.message);
        return false;
      }
    );
  return (
    <details className="more notes">
      <summary>Notes{notes.length > 0 && `: ${notes.length}`}</summary>
      {([token, null] as const).map((of) => (
        <NoteField
          key={`${of} ${textOf(notes, of)}`}
          label={of === null ? "On the run" : `On “${tokenLabel(names[of])}”, token ${of}`}
          text={textOf(notes, of)}
          readOnly={!mayChange}
          onSave={(text) => void save({token: of, text})}
        />
      ))}
      <ViewNotes run={id} token={token} notes={notes} readOnly={!mayChange} onSave={save} />
      {others.length > 0 && (
        <p className="note">
          Also on{" "}
          {others.map(({token: other, text}) => (
            <button key={other} type="button" className="link word" title={text} onClick={() => go({tokens: [other!]})}>
              “{tokenLabel(names[other!] ?? "")}” {other}
            </button>
          ))}
        </p>
      )}
    </details>
  );
}

const NONE: readonly Note[] = [];
const textOf = (notes: readonly Note[], of: number | null): string =>
  notes.find(({token, view}) => token === of && view === undefined)?.text ?? "";

interface NoteFieldProps {
  readonly label: string;
  readonly text: string;
  readonly readOnly: boolean;
  readonly onSave: (text: string) => void;
}

/** One note, saved when it is asked for. */
function NoteField({label, text, readOnly, onSave}: NoteFieldProps) {
  const [draft, setDraft] = useState(text);
  if (readOnly) return text === "" ? null : <p className="written">{text}</p>;
  return (
    <label className="field note-field">
      {label}
      <textarea rows={2} value={draft} maxLength={MAX_NOTE_CHARACTERS} onChange={({target}) => setDraft(target.value)} />
      {draft.trim() !== text && (
        <button type="button" onClick={() => onSave(draft.trim())}>
          {draft.trim() === "" ? "Take away" : "Save"}
        </button>
      )}
    </label>
  );
}
