import {useEffect, useLayoutEffect, useRef, useState, type RefObject} from "react";

interface RowWindow {
  readonly place: RefObject<HTMLDivElement | null>;
  /** The rows to draw, from the first to before the last. */
  readonly from: number;
  readonly to: number;
}

const SPARE = 12; // rows beyond what is seen, on either side

/** The part of many rows of one height that is in sight of a scrolling place; `question` scrolls back to the top when it changes. */
export function useRowWindow(rows: number, rowHeight: number, question: string): RowWindow {
  const place = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({top: 0, height: 600});
  useEffect(() => {
    const node = place.current;
    if (!node) return;
    const look = (): void => setSeen({top: node.scrollTop, height: node.clientHeight});
    const observer = new ResizeObserver(look);
    observer.observe(node);
    node.addEventListener("scroll", look, {passive: true});
    return () => {
      observer.disconnect();
      node.removeEventListener("scroll", look);
    };
  }, []);
  // Before the frame is painted: the scroll event comes later, and rows of the old place would flash by.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question starts at the top
  useLayoutEffect(() => {
    if (place.current) place.current.scrollTop = 0;
    setSeen((before) => ({...before, top: 0}));
  }, [question]);
  const from = Math.max(0, Math.min(rows, Math.floor(seen.top / rowHeight) - SPARE));
  return {place, from, to: Math.min(rows, Math.ceil((seen.top + seen.height) / rowHeight) + SPARE)};
}
