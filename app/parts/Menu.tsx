import {useEffect, useRef, useState, type KeyboardEvent, type ReactNode} from "react";
import {DownloadLink} from "./DownloadLink.tsx";
import {useSideWithRoom, type Side} from "./sideWithRoom.ts";

interface MenuItem {
  readonly text: string;
  readonly run?: () => void;
  /** A file that the server makes. */
  readonly href?: string;
  /** Why it cannot be chosen. */
  readonly refused?: string;
}

interface MenuProps {
  /** What the button is called. */
  readonly label: string;
  readonly title: string;
  readonly menuLabel: string;
  readonly items: readonly MenuItem[];
  /** What stands on the button. */
  readonly children: ReactNode;
  readonly className?: string;
}

const USUAL: Side = {edge: "right", at: "below"};

/** A button that opens a list of things to do: arrows move, Escape closes. */
export function Menu({label, title, menuLabel, items, children, className}: MenuProps) {
  const [open, setOpen] = useState(false);
  const node = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const {edge, at} = useSideWithRoom(box, open, USUAL);
  useEffect(() => {
    if (!open) return;
    node.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const close = (event: Event): void => {
      if (!node.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener("pointerdown", close);
    return () => removeEventListener("pointerdown", close);
  }, [open]);
  const press = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      setOpen(false);
      node.current?.querySelector("button")?.focus();
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const all = [...(node.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its button and its items take the focus, it hears their keys
    <div className="save" ref={node} onKeyDown={press}>
      <button
        type="button"
        className={className}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={label}
        title={title}
        onClick={() => setOpen(!open)}
      >
        {children}
      </button>
      {open && (
        <div role="menu" className="menu" data-edge={edge} data-at={at} ref={box} aria-label={menuLabel}>
          {items.map((item) => (
            <MenuEntry key={item.text} item={item} onDone={() => setOpen(false)} />
          ))}
        </div>
      )}
    </div>
  );
}

/** One thing to do, or why it cannot be done. */
function MenuEntry({item: {text, run, href, refused}, onDone}: {item: MenuItem; onDone: () => void}) {
  if (href && !refused)
    return (
      <DownloadLink role="menuitem" href={href} onPress={onDone}>
        {text}
      </DownloadLink>
    );
  return (
    <button
      type="button"
      role="menuitem"
      aria-disabled={refused !== undefined}
      title={refused}
      onClick={() => {
        if (refused) return;
        onDone();
        run?.();
      }}
    >
      {text}
      {refused && <span className="note"> {refused}</span>}
    </button>
  );
}
