import {notify} from "../state/store.ts";

interface DeleteButtonProps {
  readonly title: string;
  /** Not while it is under way. */
  readonly disabled: boolean;
  readonly remove: () => Promise<void>;
  readonly restore: () => Promise<unknown>;
  /** After either. */
  readonly onChange: () => void;
}

/** Moves something of a list to the trash, and offers to take it back. */
export function DeleteButton({title, disabled, remove, restore, onChange}: DeleteButtonProps) {
  const fail = (error: Error): void => notify(error.message);
  const click = (): void => {
    remove().then(() => {
      onChange();
      notify(`Deleted “${title}”.`, {label: "Undo", run: () => void restore().then(onChange, fail)});
    }, fail);
  };
  return (
    <button type="button" className="quiet" onClick={click} disabled={disabled} aria-label={`Delete ${title}`}>
      Delete
    </button>
  );
}
