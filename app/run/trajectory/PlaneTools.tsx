import {Icon} from "../../parts/Icon.tsx";
import type {ShownPlot} from "./picture.ts";

/** Lasso and zoom for those who have no wheel or no mouse. */
export function PlaneTools({
  lasso,
  flat,
  onLasso,
  plots
}: {
  lasso: boolean;
  flat: boolean;
  onLasso: (lasso: boolean) => void;
  plots: () => readonly ShownPlot[];
}) {
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
      <button
        type="button"
        className="icon quiet"
        onClick={() => plots().forEach((plot) => plot.zoomBy(1.5))}
        aria-label="Zoom in"
        title="Zoom in"
      >
        <Icon name="plus" />
      </button>
      <button
        type="button"
        className="icon quiet"
        onClick={() => plots().forEach((plot) => plot.zoomBy(1 / 1.5))}
        aria-label="Zoom out"
        title="Zoom out"
      >
        <Icon name="minus" />
      </button>
      {flat && (
        <button
          type="button"
          className="icon quiet"
          onClick={() => plots().forEach((plot) => plot.fitChosen?.())}
          aria-label="Zoom to the chosen"
          title="Zoom to the chosen trajectories (z)"
          aria-keyshortcuts="z"
        >
          <Icon name="chosen" />
        </button>
      )}
      <button
        type="button"
        className="icon quiet"
        onClick={() => plots().forEach((plot) => plot.fit())}
        aria-label="Whole picture"
        title="Whole picture (f, or double click)"
        aria-keyshortcuts="f"
      >
        <Icon name="whole" />
      </button>
    </div>
  );
}
