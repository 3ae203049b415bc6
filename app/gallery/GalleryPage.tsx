import {useMemo, useState} from "react";
import {galleryQuestion, nounOf, writtenSteps} from "../../api/contract/choices.ts";
import type {Gallery, GalleryRun} from "../../api/contract/contract.ts";
import {LabelLegend} from "../parts/LabelLegend.tsx";
import {TablePlace} from "../parts/TablePlace.tsx";
import {TableHead} from "../parts/TableHead.tsx";
import {formatBytes} from "../plot/format.ts";
import {hasWords} from "../runs/runList.ts";
import {RunLabels} from "../runs/RunLabels.tsx";
import {RunName} from "../runs/RunName.tsx";
import {NoRunFound, RunSearch} from "../runs/RunSearch.tsx";
import {RunSpark} from "../runs/RunSpark.tsx";

/** The runs of a gallery, in the order in which they were named: each opens its view. */
export function GalleryPage({gallery: {title, runs, software}}: {gallery: Gallery}) {
  const [sought, setSought] = useState("");
  const shown = useMemo(() => runs.filter((run) => hasWords(run, sought)), [runs, sought]);
  return (
    <main className="page runs-page">
      <header className="page-head">
        <h1>{title}</h1>
        <span className="note">
          {shown.length === runs.length ? runs.length : `${shown.length} of ${runs.length}`} {nounOf(runs.length, "run")}
        </span>
        <span className="header-space" />
        {runs.length > 1 && <RunSearch sought={sought} onSeek={setSought} />}
      </header>
      {shown.length === 0 ? <NoRunFound sought={sought} runs={runs.length} onSeek={setSought} /> : <GalleryTable runs={shown} />}
      <LabelLegend name="The labels" />
      <p className="note">
        Every view was worked out when this gallery was made, by {software.name} {software.version}; the picture of a label is drawn from
        the states of its token, which are read as they are looked at. What takes a model, such as a new capture, is not here.
      </p>
    </main>
  );
}

function GalleryTable({runs}: {runs: readonly GalleryRun[]}) {
  return (
    <TablePlace label="Runs">
      <table className="runs">
        <TableHead names={COLUMNS.map(([name]) => name)} classOf={(_, i) => COLUMNS[i][1]} />
        <tbody>
          {runs.map((run) => (
            <GalleryRow key={run.id} run={run} />
          ))}
        </tbody>
      </table>
    </TablePlace>
  );
}

/** Where there is no room, the spare ones are not shown. */
const COLUMNS = [
  ["Run", ""],
  ["Course", "spare"],
  ["Model", "spare"],
  ["Labels", ""],
  ["Tokens", "number"],
  ["Steps", "number spare"],
  ["Inits", "number spare"],
  ["Size", "number spare"]
] as const;

function GalleryRow({run}: {run: GalleryRun}) {
  const {labels, answers} = run;
  const answer = answers[galleryQuestion("patterns", {site: "state"})];
  const known = labels ?? (answer && "refused" in answer ? {error: answer.refused} : undefined);
  return (
    <tr>
      <td className="run-cell">
        <RunName run={run} />
      </td>
      <td className="spare">
        <RunSpark course={labels?.course} />
      </td>
      <td className="spare">{run.model}</td>
      <td>
        <RunLabels run={run} known={known} />
      </td>
      <td className="number">{run.tokens}</td>
      <td className="number spare">{run.status === "complete" ? run.steps : `${writtenSteps(run)} of ${run.steps}`}</td>
      <td className="number spare">{run.inits}</td>
      <td className="number spare">{formatBytes(run.bytes)}</td>
    </tr>
  );
}
