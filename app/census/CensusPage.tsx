import {useState} from "react";
import type {CensusDetails, CensusEntry, CensusSummary} from "../../api/contract/contract.ts";
import {beyondNote, PATTERNS} from "../../api/contract/choices.ts";
import type {TrainedProps} from "../plot/beyond.ts";
import {censusBars} from "../plot/censusBars.ts";
import {formatNumber, formatShare} from "../plot/format.ts";
import {censusReportAddress} from "../source/httpSource.ts";
import {useSource} from "../source/sourceContext.ts";
import {viewOf} from "../state/address.ts";
import {go, useStore} from "../state/store.ts";
import {useFollowed} from "../state/useFollowed.ts";
import {Band} from "../parts/Band.tsx";
import {BarsFigure} from "../parts/BarsFigure.tsx";
import {DownloadLink} from "../parts/DownloadLink.tsx";
import {Link} from "../parts/Link.tsx";
import {AssociationTable} from "./AssociationTable.tsx";
import {CensusBand} from "./CensusBand.tsx";
import {CensusRowsTable} from "./CensusRowsTable.tsx";
import {ComparisonPanel} from "./ComparisonPanel.tsx";
import {PublishedTable} from "./PublishedTable.tsx";
import {anyRow, type RowFilter} from "./rowFilter.ts";

/** One census: its counts, what carries a label, and its rows. */
export function CensusPage({id}: {readonly id: string}) {
  const source = useSource();
  const told = useStore((state) => state.censuses[id]);
  const details = useFollowed({
    kind: "census",
    id,
    told,
    ask: (signal) => source.census(id, signal),
    jobOf: ({census}) => census
  });
  if (details.status === "loading") return <p className="note page">Loading the census …</p>;
  if (details.status === "failed")
    return (
      <main className="page">
        <h1>This census cannot be shown</h1>
        <Band
          tone="error"
          text={details.error.message}
          action={{label: "All censuses", run: () => go({...viewOf(""), page: "censuses"})}}
        />
      </main>
    );
  return <Census id={id} details={details.value} told={told} />;
}

interface CensusProps {
  readonly id: string;
  readonly details: CensusDetails;
  /** As the server's events last told it. */
  readonly told: CensusEntry | undefined;
}

function Census({id, details: {census, manifest, summary}, told}: CensusProps) {
  const [filter, setFilter] = useState<RowFilter>(anyRow);
  const {title, model, prompts, steps, inits} = census;
  return (
    <main className="page census">
      <header className="page-head">
        <h1>{title}</h1>
        <span className="note">
          {model}, {prompts} {manifest.from === "traces" ? "traces" : "prompts"}, {steps} steps
          {beyondNote(manifest.model.trained_steps, steps, 1)}, {inits} {inits === 1 ? "init" : "inits"}, {manifest.site}
        </span>
        <span className="header-space" />
        {summary && (
          <DownloadLink className="button" href={censusReportAddress(id)}>
            Report
          </DownloadLink>
        )}
        <Link view={{page: "censuses"}}>All censuses</Link>
      </header>
      <CensusBand census={told ?? census} ofTraces={manifest.from === "traces"} isOwn={told !== undefined} />
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
  return `Of ${rows} trajectories of ${tokens} tokens in ${prompts} prompts: ${found.join(", ")}. Labels at q ≤ ${alpha} over all rows: at most ${formatNumber(expected_false)} are expected to be false.${bad}`;
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
