import {useEffect, useState} from "react";
import {PATTERNS, type Pattern} from "../../api/contract/choices.ts";
import {LabelDrawing} from "./LabelDrawing.tsx";
import {LABEL_WORDS} from "./labelWords.ts";

const WIDTH = 280;
const ROOM = 130; // pixels that the card takes at most in height
const PATIENCE_MS = 350; // a pointer on its way elsewhere asks for nothing

interface Shown {
  readonly label: Pattern;
  readonly left: number;
  readonly top: number;
}

/** What a label means, beside whatever carries one (`data-label`), while the pointer rests on it or it has the focus. */
export function LabelCard() {
  const [shown, setShown] = useState<Shown>();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (event: Event): void => {
      clearTimeout(timer);
      const node = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-label]") : null;
      const label = PATTERNS.find((one) => one === node?.dataset.label);
      if (!node || !label) setShown(undefined);
      else timer = setTimeout(() => setShown(placed(label, node.getBoundingClientRect())), PATIENCE_MS);
    };
    const hide = (): void => {
      clearTimeout(timer);
      setShown(undefined);
    };
    addEventListener("pointerover", show);
    addEventListener("focusin", show);
    addEventListener("pointerdown", hide);
    addEventListener("scroll", hide, {capture: true, passive: true});
    return () => {
      clearTimeout(timer);
      removeEventListener("pointerover", show);
      removeEventListener("focusin", show);
      removeEventListener("pointerdown", hide);
      removeEventListener("scroll", hide, {capture: true});
    };
  }, []);
  if (!shown) return null;
  const {label, left, top} = shown;
  return (
    <div className="label-card" role="tooltip" style={{left, top, width: WIDTH}}>
      <LabelDrawing label={label} />
      <p>
        <b className={`label-text ${label}`}>{label}</b> {LABEL_WORDS[label]}
      </p>
    </div>
  );
}

const placed = (label: Pattern, box: DOMRect): Shown => ({
  label,
  left: Math.max(8, Math.min(box.left, innerWidth - WIDTH - 8)),
  top: box.bottom + ROOM < innerHeight ? box.bottom + 6 : Math.max(8, box.top - ROOM)
});
