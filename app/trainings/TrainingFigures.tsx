import {useMemo} from "react";
import {counted} from "../../api/contract/choices.ts";
import type {LogLine, TrainingDetails} from "../../api/contract/contract.ts";
import {stepColour, tokenColour, type Palette} from "../plot/palette.ts";
import type {UpdateLine} from "../plot/updatePlot.ts";
import {usePalette} from "../state/useTheme.ts";
import {UpdateFigure} from "./UpdateFigure.tsx";

export interface TrainingFiguresProps {
  readonly id: string;
  readonly recipe: TrainingDetails["recipe"];
  readonly lines: readonly LogLine[];
  /** The save that is looked at, and how another is. */
  readonly save: number | undefined;
  readonly onPick: (update: number) => void;
}

/** What the log says, by update. */
export function TrainingFigures({id, recipe, lines, save, onPick}: TrainingFiguresProps) {
  const palette = usePalette();
  const curves = useMemo(() => curvesOf(lines, recipe, palette), [lines, recipe, palette]);
  const kinds = curves.byKind.length > 1 ? [{...KINDS, curves: curves.byKind}] : [];
  return (
    <div className="figures">
      {[{...LOSS, curves: curves.loss}, {...NORM, curves: curves.norm}, {...DEPTHS, curves: curves.byDepth}, ...kinds].map(
        ({title, note, file, scale, curves: shown}) => (
          <UpdateFigure
            key={title}
            title={title}
            note={note}
            name={`${id}-${file}`}
            lines={shown}
            scale={scale}
            updates={recipe.updates}
            cursor={save}
            onPick={onPick}
          />
        )
      )}
      <UpdateFigure
        {...STATES}
        name={`${id}-${STATES.file}`}
        lines={curves.states}
        updates={recipe.updates}
        cursor={save}
        onPick={onPick}
      />
    </div>
  );
}

const LOSS = {title: "Loss", note: "Cross-entropy of each update, nats.", file: "loss", scale: "log"} as const;
const NORM = {
  title: "Gradient norm",
  note: "Length of all gradients together, before clipping.",
  file: "gradient-norm",
  scale: "log"
} as const;
const DEPTHS = {
  title: "Accuracy by depth",
  note: "Right answers after so many steps, on rows that were not trained on.",
  file: "accuracy-by-depth",
  scale: "share"
} as const;
const KINDS = {
  title: "Accuracy by kind of token",
  note: "Right answers at the deepest of these depths, for each kind of token.",
  file: "accuracy-by-kind",
  scale: "share"
} as const;
const STATES = {
  title: "States",
  note: "At the deepest of these depths: how alike the tokens’ states are, their root mean square, and the modulus of the core step’s leading eigenvalue.",
  file: "states",
  scale: "linear"
} as const;

type Shares = Readonly<Record<string, number | null>>;

function curvesOf(lines: readonly LogLine[], {depths}: TrainingDetails["recipe"], palette: Palette) {
  const curve = (name: string, colour: string, of: (line: LogLine) => number | null | undefined): UpdateLine => ({
    name,
    colour,
    points: lines.flatMap((line) => {
      const value = of(line);
      return value === null || value === undefined ? [] : [{update: line.update, value}];
    })
  });
  const at = (shares: Shares | undefined, depth: number) => shares?.[String(depth)];
  const deepest = Math.max(...depths);
  const kinds = Object.keys(lines.find(({measured}) => measured)?.measured?.by_kind ?? {});
  return {
    loss: [curve("loss", palette.labels.converging, ({loss}) => loss)],
    norm: [curve("gradient norm", palette.labels.converging, ({gradient_norm}) => gradient_norm)],
    byDepth: depths.map((depth, i) =>
      curve(counted(depth, "step"), stepColour(palette, i / Math.max(1, depths.length - 1)), ({measured}) => at(measured?.accuracy, depth))
    ),
    byKind: kinds.map((kind, i) => curve(kind, tokenColour(palette, i), ({measured}) => at(measured?.by_kind[kind], deepest))),
    states: [
      curve("token correlation", palette.labels.converging, ({measured}) => measured?.correlation),
      curve("state norm", palette.labels.orbit, ({measured}) => measured?.state_norm),
      curve("leading eigenvalue", palette.labels.slider, ({measured}) => measured?.eigenvalue)
    ]
  };
}
