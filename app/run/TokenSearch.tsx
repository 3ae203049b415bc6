import {useMemo, useState, type KeyboardEvent} from "react";
import {tokenLabel} from "../plot/format.ts";
import {go, useStore} from "../state/store.ts";

/** Finds tokens by their text: Enter chooses the next match, shift-Enter all of them, Escape closes. */
export function TokenSearch({names}: {names: readonly string[]}) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(-1);
  const matches = useMemo(() => matchesOf(names, text), [names, text]);
  const close = (): void => useStore.setState({searching: false});
  const press = (event: KeyboardEvent): void => {
    if (event.key === "Escape") close();
    if (event.key !== "Enter" || matches.length === 0) return;
    if (event.shiftKey) {
      go({tokens: matches});
      close();
      return;
    }
    const next = (at + 1) % matches.length;
    setAt(next);
    go({tokens: [matches[next]]});
  };
  return (
    <div className="token-search">
      <input
        autoFocus
        type="search"
        aria-label="Find a token"
        placeholder="Find a token"
        value={text}
        onKeyDown={press}
        onBlur={close}
        onChange={({target}) => {
          setText(target.value);
          setAt(-1);
        }}
      />
      <output>
        {text === ""
          ? "Enter: next · shift-Enter: all"
          : matches.length === 0
            ? "no such token"
            : `${at < 0 ? matches.length : `${at + 1} of ${matches.length}`}: ${tokenLabel(names[matches[Math.max(0, at)]])}`}
      </output>
    </div>
  );
}

/** Tokens whose text holds the sought text, as it is or as it is shown. */
export function matchesOf(names: readonly string[], text: string): number[] {
  const sought = text.toLowerCase();
  if (!sought) return [];
  return names.flatMap((name, token) =>
    name.toLowerCase().includes(sought) || tokenLabel(name).toLowerCase().includes(sought) ? [token] : []
  );
}
