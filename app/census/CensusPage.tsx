import {useCallback, useState} from "react";
import type {CensusDetails, CensusSummary} from "../../api/contract/contract.ts";
import {beyondNote, counted, PATTERNS} from "../../api/contract/choices.ts";
import type {TrainedProps} from "../plot/beyond.ts";
import {censusBars} from "../plot/censusBars.ts";
import {formatNumber, formatShare} from "../plot/format.ts";
import {censusReportAddress} from "../source/httpSource.ts";
import {useSource} from "../source/sourceContext.ts";
import {useFollowed, useTold} from "../state/useFollowed.ts";
import {BarsFigure} from "../parts/BarsFigure.tsx";
import {DownloadLink} from "../parts/DownloadLink.tsx";
import {FailedPage} from "../parts/FailedPage.tsx";
import {Link} from "../parts/Link.tsx";
import {Loading} from "../parts/Loading.tsx";
import {AssociationTable} from "./AssociationTable.tsx";
import {CensusBand} from "./CensusBand.tsx";
import {CensusRowsTable} from "./CensusRowsTable.tsx";
import {ComparisonPanel} from "./ComparisonPanel.tsx";
import {InterimCounts} from "./InterimCounts.tsx";
import {KeptPicture} from "./KeptPicture.tsx";
import {PublishedTable} from "./PublishedTable.tsx";
import {anyRow, type RowFilter} from "./rowFilter.ts";

/** One census: its counts, what carries a label, and its rows. */
export function CensusPage({id}: {readonly id: string}) {
  const source = useSource();
  const details = useFollowed("census", id, (signal) => source.census(id, signal));
  if (details.status === "loading") return <Loading what="the census" />;
  if (details.status === "failed") return <FailedPage what="census" error={details.error} list="censuses" />;
  return <Census id={id} details={details.value} />;
}

interface CensusProps {
  readonly id: string;
  readonly details: CensusDetails;
}

function Census({id, details: {census, manifest, summary}}: CensusProps) {
  const [filter, setFilter] = useState<RowFilter>(anyRow);
  const showPrompt = useCallback((prompt: number) => setFilter({...anyRow, prompt: String(prompt)}), []);
  const isOwn = useTold("census", id) !== undefined;
  const {title, model, prompts, steps, inits} = census;
  return (
    <main className="page census">
      <header className="page-head">
        <h1>{title}</h1>
        <span className="note">
          {model}, {prompts} {manifest.from === "traces" ? "traces" : "prompts"}, {steps} steps
          {beyondNote(manifest.model.trained_steps, steps, 1)}, {counted(inits, "init")}, {manifest.site}
        </span>
        <span className="header-space" />
        {summary && (
          <DownloadLink className="button" href={censusReportAddress(id)}>
            Report
          </DownloadLink>
        )}
        <Link view={{page: "censuses"}}>All censuses</Link>
      </header>
      <CensusBand census={census} ofTraces={manifest.from === "traces"} isOwn={isOwn} />
      {!summary && <InterimCounts census={census} />}
      {summary && (
        <>
          <p className="census-verdict">{verdictOf(summary)}</p>
          <Figures id={id} summary={summary} trained={manifest.model.trained_steps} />
          <AssociationTable
            name={id}
            associations={summary.associations}
            onChoose={(by, group, label) => setFilter({...anyRow, label, ...(by === "position" ? {} : {[by]: group})})}
          />
          <ComparisonPanel id={id} />
          <PublishedTable published={summary.published} />
          <KeptPicture id={id} kept={summary.kept.length} onPrompt={showPrompt} />
          <CensusRowsTable id={id} manifest={manifest} filter={filter} onFilter={setFilter} />
        </>
      )}
    </main>
  );
}

/** The counts in a sentence. */
function verdictOf({labels, rows, tokens, prompts, alpha, expected_false, not_finite}: CensusSummary): string {
  const found = PATTERNS.map((label) => {
    const {count, share, low, high} = labels[label];
    return `${count} ${label} (${formatShare(share ?? 0)}, ${formatShare(low)} to ${formatShare(high)})`;
  });
  const bad = not_finite > 0 ? ` ${not_finite} have a number that is not finite, and no label.` : "";
  return `Of ${counted(rows, "trajectory", "trajectories")} of ${counted(tokens, "token")} in ${counted(prompts, "prompt")}: ${found.join(", ")}. Labels at q ≤ ${alpha} over all rows: at most ${formatNumber(expected_false)} are expected to be false.${bad}`;
}

interface FiguresProps extends TrainedProps {
  readonly id: string;
  readonly summary: CensusSummary;
}

const Figures = ({id, summary, trained}: FiguresProps) => (
  <div className="figures">
    {censusBars(summary, trained).map(({id: figure, title, note, bars}) => (
      <BarsFigure key={figure} title={title} note={note} name={`${id}-${figure}`} bars={bars} />
    ))}
  </div>
);
