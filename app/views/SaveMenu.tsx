import {useEffect, useRef, useState, type KeyboardEvent} from "react";
import {captioned, saveCsv, savePng, saveSvg} from "../save.ts";
import {notify} from "../store.ts";
import {usePalette} from "../useTheme.ts";
import {Icon} from "./Icon.tsx";

export interface SaveMenuProps {
  /** Beginning of the file's name. */
  readonly name: string;
  readonly title: string;
  readonly note: string;
  readonly pictures: () => readonly SVGSVGElement[];
  readonly beside?: boolean;
  /** The numbers behind the picture. */
  readonly csv: () => string;
}

/** Saves a plot as SVG or PNG, or its numbers as CSV. */
export function SaveMenu({name, title, note, pictures, beside, csv}: SaveMenuProps) {
  const palette = usePalette();
  const [open, setOpen] = useState(false);
  const node = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    node.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const close = (event: Event): void => {
      if (!node.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener("pointerdown", close);
    return () => removeEventListener("pointerdown", close);
  }, [open]);
  const sheet = (): SVGSVGElement => captioned(pictures(), {title, note, palette}, {beside});
  const items: readonly (readonly [string, () => void])[] = [
    ["SVG picture", () => saveSvg(name, sheet())],
    ["PNG picture", () => void savePng(name, sheet()).catch((error: Error) => notify(error.message))],
    ["CSV numbers", () => saveCsv(name, csv())]
  ];
  const press = (event: KeyboardEvent): void => {
    if (event.key === "Escape") setOpen(false);
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const all = [...(node.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]?.focus();
  };
  return (
    <div className="save" ref={node} onKeyDown={press}>
      <button type="button" className="icon quiet" aria-haspopup="menu" aria-expanded={open} aria-label={`Save: ${title}`} title="Save as SVG, PNG or CSV" onClick={() => setOpen(!open)}>
        <Icon name="save" />
      </button>
      {open && (
        <div role="menu" className="menu" aria-label="Save as">
          {items.map(([text, save]) => (
            <button
              key={text}
              type="button"
              role="menuitem"
              onClick={() => {
                setOpen(false);
                save();
              }}
            >
              {text}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
