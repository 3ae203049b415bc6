import {useEffect, useId, useRef, useState, type ReactNode} from "react";
import {useSideWithRoom, type Side} from "./sideWithRoom.ts";

const USUAL: Side = {edge: "right", at: "above"};

/** A button that opens a small box of controls beside it; Escape and a press elsewhere close it. */
export function Popover({label, title, children}: {label: string; title: string; children: ReactNode}) {
  const [open, setOpen] = useState(false);
  const node = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const {edge, at} = useSideWithRoom(box, open, USUAL);
  const id = useId();
  useEffect(() => {
    if (!open) return;
    const close = (event: Event): void => {
      if (!node.current?.contains(event.target as Node)) setOpen(false);
    };
    const press = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      event.preventDefault(); // it closes this, and does nothing else
      setOpen(false);
      node.current?.querySelector("button")?.focus();
    };
    addEventListener("pointerdown", close);
    addEventListener("keydown", press, {capture: true});
    return () => {
      removeEventListener("pointerdown", close);
      removeEventListener("keydown", press, {capture: true});
    };
  }, [open]);
  return (
    <div className="popover" ref={node}>
      <button type="button" aria-expanded={open} aria-controls={open ? id : undefined} title={title} onClick={() => setOpen(!open)}>
        {label}
      </button>
      {open && (
        <div id={id} className="popover-box" data-edge={edge} data-at={at} ref={box} role="group" aria-label={title}>
          {children}
        </div>
      )}
    </div>
  );
}
