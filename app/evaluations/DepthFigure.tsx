import {useMemo, useRef, useState} from "react";
import {beyondColumn, beyondNote, nounOf, settingName} from "../../api/contract/choices.ts";
import type {EvalScores, EvalSummary} from "../../api/contract/contract.ts";
import {FigurePanel} from "../parts/FigurePanel.tsx";
import {PlotMount} from "../parts/PlotMount.tsx";
import type {TrainedProps} from "../plot/beyond.ts";
import {tableCsv} from "../plot/csv.ts";
import {depthPlot, type DepthLine, type DepthMark, type DepthPlotProps, type DepthPoint} from "../plot/depthPlot.ts";
import {formatNumber} from "../plot/format.ts";
import {tokenColour, type Palette} from "../plot/palette.ts";
import type {Plot} from "../plot/plot.ts";
import {usePalette} from "../state/useTheme.ts";
import {shareText} from "./setting.ts";

const TITLE = "Accuracy by depth";
const NOTE =
  "Share of right answers with its standard error. Diamonds leave by an exit rule, squares keep less in the cache; both over all tasks.";

/** Accuracy over the depths, a line for each task, and every exit rule and cache strategy at the steps it takes. */
export function DepthFigure({id, summary, trained}: {id: string; summary: EvalSummary} & TrainedProps) {
  const palette = usePalette();
  const plot = useRef<Plot<DepthPlotProps> | null>(null);
  const [hovered, setHovered] = useState<DepthPoint>();
  const lines = useMemo(() => linesOf(summary, palette), [summary, palette]);
  const marks = useMemo(() => marksOf(summary), [summary]);
  const beyond = beyondColumn(trained);
  return (
    <FigurePanel
      title={TITLE}
      note={NOTE}
      read={
        hovered &&
        `${hovered.name}: ${shareText(hovered.share, hovered.error)}, ${stepsText(hovered.steps)}${beyondNote(trained, hovered.steps)}`
      }
      name={`${id}-accuracy`}
      pictures={() => (plot.current ? [plot.current.picture()] : [])}
      csv={() =>
        tableCsv(
          ["name", "steps", ...beyond.names, "accuracy", "standard_error"],
          [...lines.flatMap(({points}) => points), ...marks].map(({name, steps, share, error}) => [
            name,
            steps,
            ...beyond.cells(steps),
            share,
            error
          ])
        )
      }
    >
      <PlotMount
        make={depthPlot}
        props={{palette, title: TITLE, lines, marks, trained, onHover: setHovered}}
        className="figure-depth"
        plot={plot}
      />
      <ul className="depth-legend">
        {lines.map(({name, colour}) => (
          <li key={name}>
            <span className="swatch" style={{background: colour}} aria-hidden="true" /> {name}
          </li>
        ))}
      </ul>
    </FigurePanel>
  );
}

const stepsText = (steps: number): string => `${formatNumber(steps)} ${nounOf(steps, "step")} a token`;

function linesOf({steps}: EvalSummary, palette: Palette): DepthLine[] {
  const tasks = Object.keys(steps[0]?.tasks ?? {});
  const line = (name: string, colour: string, of: (setting: EvalSummary["steps"][number]) => EvalScores): DepthLine => ({
    name,
    colour,
    points: steps.map((setting) => {
      const {accuracy, standard_error, mean_steps} = of(setting);
      return {steps: mean_steps, share: accuracy, error: standard_error, name: `${name}, ${settingName(setting)}`};
    })
  });
  return [
    ...(tasks.length > 1 ? [line("all tasks", palette.ink, (setting) => setting)] : []),
    ...tasks.map((task, i) => line(task, tokenColour(palette, i), (setting) => setting.tasks[task]))
  ];
}

const marksOf = ({exits, caches}: EvalSummary): DepthMark[] =>
  [...exits, ...caches].map((setting) => ({
    kind: setting.exit === null ? "cache" : "rule",
    steps: setting.mean_steps,
    share: setting.accuracy,
    error: setting.standard_error,
    name: settingName(setting)
  }));
