import {useState} from "react";
import {MAX_NOTE_CHARACTERS, viewWords} from "../../api/contract/choices.ts";
import type {Note} from "../../api/contract/contract.ts";
import {addressOf, viewOf} from "../state/address.ts";
import {go, useStore} from "../state/store.ts";

interface ViewNotesProps {
  readonly run: string;
  /** The token that is chosen, though the view may not say it. */
  readonly token: number;
  readonly notes: readonly Note[];
  readonly readOnly: boolean;
  /** Whether it was saved. */
  readonly onSave: (note: Note) => Promise<boolean>;
}

/** Notes on views of the run: each opens its view again; a new one stands on what is on the screen. */
export function ViewNotes({run, token, notes, readOnly, onSave}: ViewNotesProps) {
  const [draft, setDraft] = useState("");
  const view = useStore((state) => state.view);
  const address = addressOf({...view, run: undefined, tokens: view.tokens ?? [token]});
  const save = async (): Promise<void> => {
    if (await onSave({token: null, view: address, text: draft.trim()})) setDraft("");
  };
  return (
    <>
      {notes.map(
        (note) =>
          note.view !== undefined && (
            <ViewNote
              key={note.view}
              run={run}
              view={note.view}
              text={note.text}
              onRemove={readOnly ? undefined : () => onSave({...note, text: ""})}
            />
          )
      )}
      {!readOnly && (
        <label className="field note-field">
          On this view: {viewWords(address)}
          <textarea rows={2} value={draft} maxLength={MAX_NOTE_CHARACTERS} onChange={({target}) => setDraft(target.value)} />
          {draft.trim() !== "" && (
            <button type="button" onClick={() => void save()}>
              Save
            </button>
          )}
        </label>
      )}
    </>
  );
}

interface ViewNoteProps {
  readonly run: string;
  readonly view: string;
  readonly text: string;
  readonly onRemove: (() => void) | undefined;
}

function ViewNote({run, view, text, onRemove}: ViewNoteProps) {
  return (
    <div className="view-note">
      <button type="button" className="link" title="Open this view" onClick={() => go({...viewOf(view), run})}>
        {viewWords(view)}
      </button>
      <p className="written">{text}</p>
      {onRemove && (
        <button type="button" className="quiet" onClick={onRemove} aria-label={`Take away the note on ${viewWords(view)}`}>
          Take away
        </button>
      )}
    </div>
  );
}
