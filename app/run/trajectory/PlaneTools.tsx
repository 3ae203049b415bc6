import {Icon, type IconName} from "../../parts/Icon.tsx";
import type {ShownPlot} from "./picture.ts";

interface Tool {
  readonly icon: IconName;
  readonly label: string;
  readonly title: string;
  readonly keys?: string;
  readonly run: (plot: ShownPlot) => void;
  /** Not in three dimensions. */
  readonly isFlat?: boolean;
}

const TOOLS: readonly Tool[] = [
  {icon: "plus", label: "Zoom in", title: "Zoom in", run: (plot) => plot.zoomBy(1.5)},
  {icon: "minus", label: "Zoom out", title: "Zoom out", run: (plot) => plot.zoomBy(1 / 1.5)},
  {
    icon: "chosen",
    label: "Zoom to the chosen",
    title: "Zoom to the chosen trajectories (z)",
    keys: "z",
    isFlat: true,
    run: (plot) => plot.fitChosen?.()
  },
  {icon: "whole", label: "Whole picture", title: "Whole picture (f, or double click)", keys: "f", run: (plot) => plot.fit()}
];

interface PlaneToolsProps {
  readonly lasso: boolean;
  readonly flat: boolean;
  readonly onLasso: (lasso: boolean) => void;
  readonly plots: () => readonly ShownPlot[];
}

/** Lasso and zoom for those who have no wheel or no mouse. */
export function PlaneTools({lasso, flat, onLasso, plots}: PlaneToolsProps) {
  return (
    <div className="tools" role="group" aria-label="Picture">
      <button
        type="button"
        className="icon quiet"
        aria-pressed={lasso}
        onClick={() => onLasso(!lasso)}
        title="Choose by lasso (shift and drag)"
        aria-label="Lasso"
      >
        <Icon name="lasso" />
      </button>
      {TOOLS.filter(({isFlat}) => flat || !isFlat).map(({icon, label, title, keys, run}) => (
        <button
          key={label}
          type="button"
          className="icon quiet"
          onClick={() => plots().forEach(run)}
          aria-label={label}
          title={title}
          aria-keyshortcuts={keys}
        >
          <Icon name={icon} />
        </button>
      ))}
    </div>
  );
}
