import {useEffect} from "react";

/** A key and what it does. */
export interface KeyCommand {
  /** Values of KeyboardEvent.key that call it. */
  readonly keys: readonly string[];
  readonly run: (event: KeyboardEvent) => void;
}

const WRITING = "input:not([type=range]):not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

/** Listens to the whole page, except while something is written or a dialog is open; a pressed button keeps its space and enter. */
export function useKeys(commands: readonly KeyCommand[]): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement;
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (target.closest(WRITING) || document.querySelector("dialog[open]")) return;
      if ((event.key === " " || event.key === "Enter") && target.closest("button, a, summary")) return;
      if (event.key.startsWith("Arrow") && target.closest("input[type=range], [role=tablist], [role=radiogroup]")) return;
      const command = commands.find(({keys}) => keys.includes(event.key));
      if (!command) return;
      event.preventDefault();
      command.run(event);
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, [commands]);
}
