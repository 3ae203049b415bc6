import {useMemo, useRef} from "react";
import type {TrainingProbes} from "../../api/contract/contract.ts";
import {Changes} from "../parts/Changes.tsx";
import {FigurePanel} from "../parts/FigurePanel.tsx";
import {Icon} from "../parts/Icon.tsx";
import {PlotMount} from "../parts/PlotMount.tsx";
import {tableCsv} from "../plot/csv.ts";
import type {Points} from "../plot/field.ts";
import {formatShare, tokenLabel} from "../plot/format.ts";
import {tokenColour} from "../plot/palette.ts";
import {trajectoryPlot, type TrajectoryPlot} from "../plot/trajectoryPlot.ts";
import type {TrajectoryProps} from "../plot/trajectoryProps.ts";
import {usePalette} from "../state/useTheme.ts";

export interface ProbeFigureProps {
  readonly id: string;
  readonly probes: TrainingProbes;
  /** The save that is looked at, by its place among the saves. */
  readonly shown: number;
  readonly onShow: (place: number) => void;
  /** Opens the trajectories of a save, by its update, as a run. */
  readonly onOpen: (update: number) => void;
}

const nothing = (): void => {};

/** The probe prompt's trajectories at one save, with those of all others faint behind them: the plane is the same at every save. */
export function ProbeFigure({id, probes, shown, onShow, onOpen}: ProbeFigureProps) {
  const palette = usePalette();
  const plot = useRef<TrajectoryPlot | null>(null);
  const {tokens, saves, explained, steps} = probes;
  const points = useMemo(() => pointsOf(probes), [probes]);
  const names = useMemo(() => saves.flatMap(() => tokens.map(tokenLabel)), [saves, tokens]);
  const chosen = useMemo(() => tokens.map((_, token) => shown * tokens.length + token), [tokens, shown]);
  const colourOf = useMemo(
    (): TrajectoryProps["colourOf"] => (_step, _init, place) => tokenColour(palette, place % tokens.length),
    [palette, tokens]
  );
  const axisTitles = useMemo((): [string, string] => [axisTitle("1", explained[0]), axisTitle("2", explained[1])], [explained]);
  const {update} = saves[shown];
  return (
    <FigurePanel
      title="The probe prompt through training"
      note={`“${tokens.map(tokenLabel).join("")}” for ${steps - 1} steps at every save, in the plane of the two largest variances of all of them.`}
      name={`${id}-probe`}
      pictures={() => (plot.current ? [plot.current.picture()] : [])}
      csv={() => csvOfProbes(probes)}
    >
      <PlotMount
        className="figure-probe"
        make={trajectoryPlot}
        plot={plot}
        props={{
          palette,
          points,
          dims: PLANE,
          axisTitles,
          names,
          chosen,
          init: undefined,
          step: steps - 1,
          trained: undefined,
          hover: undefined,
          colourOf,
          lasso: false,
          basis: id,
          onHover: nothing,
          onPick: nothing,
          onLasso: nothing
        }}
      />
      <div className="scrubber" role="group" aria-label="Save">
        <SaveButton text="The save before" icon="back" keys="," disabled={shown === 0} onPress={() => onShow(shown - 1)} />
        <SaveButton text="The next save" icon="forward" keys="." disabled={shown === saves.length - 1} onPress={() => onShow(shown + 1)} />
        <span className="range">
          <input
            type="range"
            min={0}
            max={Math.max(1, saves.length - 1)}
            value={shown}
            aria-label="Save"
            aria-valuetext={`after ${update} updates`}
            onChange={({target}) => onShow(Math.min(saves.length - 1, Number(target.value)))}
          />
        </span>
        <output className="step-now">
          update <b>{update}</b> / {saves.at(-1)?.update}
        </output>
        <Changes>
          <button type="button" onClick={() => onOpen(update)}>
            Open as a run
          </button>
        </Changes>
      </div>
    </FigurePanel>
  );
}

const PLANE = [0, 1] as const;

const axisTitle = (name: string, share: number): string => `component ${name} (${formatShare(share)})`;

interface SaveButtonProps {
  readonly text: string;
  readonly icon: "back" | "forward";
  readonly keys: string;
  readonly disabled: boolean;
  readonly onPress: () => void;
}

const SaveButton = ({text, icon, keys, disabled, onPress}: SaveButtonProps) => (
  <button
    type="button"
    className="icon"
    onClick={onPress}
    disabled={disabled}
    aria-label={text}
    title={`${text} (${keys})`}
    aria-keyshortcuts={keys}
  >
    <Icon name={icon} />
  </button>
);

/** Every token of every save as a trajectory of one picture, [step][save · token][2]. */
function pointsOf({saves, tokens, steps}: TrainingProbes): Points {
  const all = saves.length * tokens.length;
  const values = new Float32Array(steps * all * 2);
  saves.forEach(({points}, save) => {
    for (let step = 0; step < steps; ++step)
      values.set(points.slice(step * tokens.length * 2, (step + 1) * tokens.length * 2), (step * all + save * tokens.length) * 2);
  });
  return {steps, inits: 1, tokens: all, dims: 2, values};
}

const csvOfProbes = ({saves, tokens, steps}: TrainingProbes): string =>
  tableCsv(
    ["update", "step", "token", "text", "x", "y"],
    saves.flatMap(({update, points}) =>
      Array.from({length: steps * tokens.length}, (_, i) => {
        const [step, token] = [Math.floor(i / tokens.length), i % tokens.length];
        return [update, step, token, tokens[token], points[2 * i], points[2 * i + 1]];
      })
    )
  );
