import {useMemo, useRef} from "react";
import {counted} from "../../api/contract/choices.ts";
import type {ExperimentOverview} from "../../api/contract/contract.ts";
import {alignmentPlot, type AlignmentPlotProps, type AlignmentRow} from "../plot/alignmentPlot.ts";
import {formatShare} from "../plot/format.ts";
import type {Plot} from "../plot/plot.ts";
import {tableCsv} from "../plot/csv.ts";
import {usePalette} from "../state/useTheme.ts";
import {FigurePanel} from "../parts/FigurePanel.tsx";
import {PlotMount} from "../parts/PlotMount.tsx";

const LINE = 0.9; // above it an end counts as the same

/** Asymptotic alignment of all tokens: the cosine of the ends from other starts with the end from the model's own. */
export function AlignmentFigure({overview: {alignment, summary, finished}}: {overview: ExperimentOverview}) {
  const palette = usePalette();
  const plot = useRef<Plot<AlignmentPlotProps> | null>(null);
  const rows = useMemo(
    (): AlignmentRow[] =>
      (
        [
          ["AA(noise)", alignment.noise, summary.aa_noise],
          ["AA(swap)", alignment.swap, summary.aa_swap]
        ] as const
      ).flatMap(([name, bins, score]) =>
        score
          ? [
              {
                name,
                bins,
                note: `above ${LINE} for ${formatShare(score.above)} of ${score.n} tokens (95 %: ${score.above_ci.map(formatShare).join(" to ")})`
              }
            ]
          : []
      ),
    [alignment, summary]
  );
  const csv = (): string =>
    tableCsv(
      ["measure", "cosine_from", "cosine_to", "tokens"],
      rows.flatMap(({name, bins}) => bins.map(({from, to, count}) => [name, from, to, count]))
    );
  return (
    <FigurePanel
      title="Asymptotic alignment"
      note={
        rows.length > 0
          ? `Do noise, and other prompts’ final states, lead to the same end? A count per token of ${counted(finished, "prompt")}; the interval counts a prompt’s tokens as one.`
          : "The experiment has neither starts of noise nor swaps, so there is nothing to align."
      }
      method="Asymptotic alignment"
      name="asymptotic-alignment"
      pictures={() => (plot.current ? [plot.current.picture()] : [])}
      csv={csv}
    >
      {rows.length > 0 && <PlotMount className="figure-alignment" make={alignmentPlot} plot={plot} props={{palette, rows, line: LINE}} />}
    </FigurePanel>
  );
}
