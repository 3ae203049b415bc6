import {memo, useMemo} from "react";
import type {ExperimentOverview} from "../../api/contract/contract.ts";
import type {TrainedProps} from "../plot/beyond.ts";
import type {ShareBar} from "../plot/shareBars.ts";
import {modeName} from "./promptRows.ts";
import {AlignmentFigure} from "./AlignmentFigure.tsx";
import {BandFigure} from "./BandFigure.tsx";
import {BarsFigure} from "../parts/BarsFigure.tsx";
import {SeveralPlaces} from "./SeveralPlaces.tsx";

interface ExperimentFiguresProps extends TrainedProps {
  readonly id: string;
  readonly overview: ExperimentOverview;
}

/** What an experiment's prompts say together, in pictures; drawn anew with the overview, not with every prompt that is finished. */
export const ExperimentFigures = memo(function ExperimentFigures({id, overview, trained}: ExperimentFiguresProps) {
  return (
    <div className="figures">
      <BandFigure
        title="Contraction"
        measure="gap"
        note="Median over prompts and the quartiles about it; in the grey two states cannot be told apart."
        name="contraction"
        band={overview.gap}
        trained={trained}
        floor={overview.noise_floor}
      />
      <AlignmentFigure overview={overview} />
      {overview.agreement.median.length > 1 && <AnswerFigures overview={overview} trained={trained} />}
      <EndFigures overview={overview} />
      <SeveralPlaces id={id} overview={overview} />
    </div>
  );
});

/** What the starts say, step by step; not there where only the last step was decoded. */
function AnswerFigures({overview: {agreement, all_agree, kl}, trained}: Omit<ExperimentFiguresProps, "id">) {
  const agreeing = useMemo(() => ({name: "all_agree", values: all_agree}), [all_agree]);
  return (
    <>
      <BandFigure
        title="Answers"
        measure="answer_share_by_step"
        note="Mean over a prompt’s tokens: median over prompts and quartiles. Dashed: the share of all tokens on which every own start says the same."
        name="answer-agreement"
        band={agreement}
        trained={trained}
        beside={agreeing}
      />
      <BandFigure
        title="Readouts"
        measure="kl_by_step"
        note="Mean over ordered pairs of own starts and over a prompt’s tokens: median over prompts and quartiles."
        name="readout-divergence"
        band={kl}
        trained={trained}
      />
    </>
  );
}

/** Where the starts end. */
function EndFigures({overview: {summary}}: Pick<ExperimentFiguresProps, "overview">) {
  const ends = useMemo(() => endBars(summary), [summary]);
  const modes = useMemo(() => modeBars(summary.landscape), [summary]);
  const basin = useMemo(() => basinBars(summary), [summary]);
  return (
    <>
      <div className="figure-column">
        <BarsFigure title="Where starts end" note="95 % intervals count a prompt’s tokens as one." name="ends" bars={ends} />
        {modes.length > 0 && (
          <BarsFigure
            title="Landscape, where the answer is known"
            note="The four modes of equilibrium reasoners, by what the own starts decode to where they end."
            name="landscape"
            bars={modes}
          />
        )}
      </div>
      <BarsFigure
        title="Basin of the main place"
        note="Share of the starts of each kind that end where most own starts end, whole sequences; the others end elsewhere or were still under way. Scales in multiples of the model’s own spread."
        name="basin"
        bars={basin}
      />
    </>
  );
}

const basinBars = ({basin}: ExperimentOverview["summary"]): ShareBar[] =>
  basin.map(({kind, scale, count, reached, share, ci}) => ({
    name: startName(kind, scale),
    share,
    interval: ci,
    note: `${reached} of ${count}`
  }));

/** `normal × 3`, `swap`: the scale where a kind has one. */
export const startName = (kind: string, scale: number): string => (kind === "normal" || kind === "constant" ? `${kind} × ${scale}` : kind);

function endBars({independent_prompts, independent_tokens, several_attractors, orbits}: ExperimentOverview["summary"]): ShareBar[] {
  const bars = [
    ["prompts in one place", independent_prompts],
    ["tokens in one place", independent_tokens],
    ["tokens in several", several_attractors],
    ["tokens on an orbit", orbits]
  ] as const;
  return bars.map(([name, {share, ci, count, n}]) => ({name, share, interval: ci, note: `${count} of ${n}`}));
}

function modeBars(landscape: ExperimentOverview["summary"]["landscape"]): ShareBar[] {
  if (!landscape) return [];
  const known = Object.values(landscape).reduce((sum, count) => sum + count, 0);
  return Object.entries(landscape).map(([mode, count]) => ({name: modeName(mode), share: count / known, note: `${count} of ${known}`}));
}
