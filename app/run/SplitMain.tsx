import {useRef, type CSSProperties, type KeyboardEvent, type PointerEvent, type ReactNode} from "react";
import {go, useStore} from "../state/store.ts";
import {SPLITS} from "../state/view.ts";

const OWN_SPLIT = 56; // percent: as wide as the height leaves it square on a laptop
const NUDGE = 4;

/** Trajectories and heat map beside one another, the steps below both: the line between them can be dragged, and one of them can have all the room. */
export function SplitMain({trajectories, heat, steps}: {trajectories: ReactNode; heat: ReactNode; steps: ReactNode}) {
  const split = useStore((state) => state.view.split) ?? OWN_SPLIT;
  const maximised = useStore((state) => state.view.maximised);
  const node = useRef<HTMLDivElement>(null);
  return (
    <div ref={node} className={`run-main${maximised ? ` only-${maximised}` : ""}`} style={{"--split": `${split}%`} as CSSProperties}>
      {maximised !== "heat" && trajectories}
      {!maximised && <Divider split={split} widthOf={() => node.current?.getBoundingClientRect()} />}
      {maximised !== "trajectories" && heat}
      {steps}
    </div>
  );
}

/** Where a key puts the line. */
const KEYS: Readonly<Record<string, (split: number) => number>> = {
  ArrowLeft: (split) => split - NUDGE,
  ArrowRight: (split) => split + NUDGE,
  Home: () => SPLITS[0],
  End: () => SPLITS[1]
};

const within = (share: number): number => Math.round(Math.min(SPLITS[1], Math.max(SPLITS[0], share)));

function Divider({split, widthOf}: {split: number; widthOf: () => DOMRect | undefined}) {
  const drag = (event: PointerEvent): void => {
    const box = widthOf();
    if (event.buttons !== 1 || !box) return;
    go({split: within((100 * (event.clientX - box.left)) / box.width)}, {replace: true});
  };
  const press = (event: KeyboardEvent): void => {
    const to = KEYS[event.key]?.(split);
    if (to === undefined) return;
    event.preventDefault();
    go({split: within(to)}, {replace: true});
  };
  return (
    <div
      className="divider"
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the trajectories"
      aria-valuenow={split}
      aria-valuemin={SPLITS[0]}
      aria-valuemax={SPLITS[1]}
      tabIndex={0}
      title="Drag to share the room; double click for the page's own"
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onDoubleClick={() => go({split: undefined}, {replace: true})}
      onKeyDown={press}
    />
  );
}
