import {useLayoutEffect, useMemo} from "react";
import {chosenOf} from "./selection.ts";
import {readyValue} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {openingToken} from "./opening.ts";
import {SplitMain} from "./SplitMain.tsx";
import {useStore} from "../state/store.ts";
import {usePlaying} from "./play.ts";
import {useGone} from "./useGone.ts";
import {useRunData} from "./useRunData.ts";
import {useJobOf, useRunVersion} from "./useRunVersion.ts";
import type {RunData} from "./runData.ts";
import {isOver} from "../state/useServer.ts";
import {useRunKeys} from "./useRunKeys.ts";
import {ComparisonsContext, useComparisons} from "./compare/useComparisons.ts";
import {EarlyVerdictsContext, useEarlyVerdicts, useVerdicts, VerdictsContext} from "./useVerdicts.ts";
import {CompareBar} from "./compare/CompareBar.tsx";
import {CompareReadout} from "./compare/CompareReadout.tsx";
import {CurvesView} from "./CurvesView.tsx";
import {DifferenceView} from "./compare/DifferenceView.tsx";
import {FailedPage} from "../parts/FailedPage.tsx";
import {HeatView} from "./HeatView.tsx";
import {Hints} from "./Hints.tsx";
import {HoverCard} from "./HoverCard.tsx";
import {LensTable} from "./lens/LensTable.tsx";
import {Loading} from "../parts/Loading.tsx";
import {RunBand} from "./RunBand.tsx";
import {RunHeader} from "./RunHeader.tsx";
import {Scrubber} from "./Scrubber.tsx";
import {TokenPanel} from "./TokenPanel.tsx";
import {TokenStrip} from "./TokenStrip.tsx";
import {Boundary} from "../parts/Boundary.tsx";
import type {TrajectoryViewProps} from "./trajectory/picture.ts";
import {TrajectoryView} from "./trajectory/TrajectoryView.tsx";
import {Underway} from "./Underway.tsx";
import {WaitingPage} from "./WaitingPage.tsx";

/** One run from four sides: text, geometry, readouts, evidence. */
export function RunPage({id}: {id: string}) {
  const job = useJobOf(id);
  if (job && job.step < 0 && !(isOver(job) && job.status === "complete")) return <WaitingPage job={job} />;
  return <OpenRun id={id} />;
}

function OpenRun({id}: {id: string}) {
  const source = useSource();
  const site = useStore((state) => state.view.site);
  const {gone, restored} = useGone(id);
  const version = `${useRunVersion(id)} ${restored}`;
  const data = useRunData(id, site, version);
  if (data.status === "loading")
    return (
      <Loading>
        <Underway of="measuring" question={[id, site]} ask={(signal) => source.measuring(id, site, signal)} />
      </Loading>
    );
  if (data.status === "failed") return <FailedPage what="run" error={data.error} list="runs" />;
  return <LoadedRun key={restored} data={data.value} version={version} gone={gone} />; // anew, since its parts ask once
}

function LoadedRun({data, version, gone}: {data: RunData; version: string; gone: boolean}) {
  const view = useStore((state) => state.view);
  const {tokens} = view;
  const step = Math.min(view.step ?? data.lastStep, data.lastStep);
  const growing = data.summary.live;
  const verdicts = useVerdicts(data.summary.id, view.site, growing, data.trace.steps_written);
  const found = readyValue(verdicts);
  const opening = useMemo(() => (growing ? undefined : openingToken(found, data.fields)), [growing, found, data.fields]);
  useLayoutEffect(() => useStore.setState({opening}), [opening]); // what is chosen by keys starts from it
  const chosen = useMemo(() => chosenOf({tokens}, data.names.length, opening), [tokens, data.names.length, opening]);
  const early = useEarlyVerdicts(data.summary.id, view.site, chosen.at(-1), {growing, waiting: verdicts.status === "loading"});
  const comparisons = useComparisons(data, version);
  usePlaying(data.lastStep);
  useRunKeys(data, found);
  return (
    <VerdictsContext value={verdicts}>
      <EarlyVerdictsContext value={early}>
        <ComparisonsContext value={comparisons}>
          <main className="run">
            <Boundary what="The header">
              <RunHeader data={data} />
            </Boundary>
            <RunBand data={data} gone={gone} />
            <Boundary what="The prompt">
              <TokenStrip data={data} chosen={chosen} />
            </Boundary>
            <Boundary what="The comparison">
              <CompareBar data={data} chosen={chosen} />
            </Boundary>
            <Hints />
            <div className="run-columns">
              <MainPanels data={data} chosen={chosen} step={step} version={version} />
              <SidePanels data={data} chosen={chosen} step={step} />
            </div>
            <HoverCard data={data} />
          </main>
        </ComparisonsContext>
      </EarlyVerdictsContext>
    </VerdictsContext>
  );
}

/** Geometry and measures of all tokens, and the step. */
function MainPanels({data, chosen, step, version}: TrajectoryViewProps) {
  return (
    <SplitMain
      trajectories={
        <Boundary what="The trajectories">
          <TrajectoryView data={data} chosen={chosen} step={step} version={version} />
        </Boundary>
      }
      heat={
        <Boundary what="The heat map">
          <HeatView data={data} chosen={chosen} step={step} />
        </Boundary>
      }
      steps={
        <Boundary what="The steps">
          <Scrubber data={data} step={step} />
        </Boundary>
      }
    />
  );
}

/** The chosen token: its label, what compared runs say, its curves and readouts. */
function SidePanels({data, chosen, step}: Omit<TrajectoryViewProps, "version">) {
  return (
    <aside className="run-side" aria-label="The chosen token">
      <Boundary what="The token">
        <TokenPanel data={data} chosen={chosen} step={step} />
      </Boundary>
      <Boundary what="The compared readouts">
        <CompareReadout data={data} chosen={chosen} step={step} />
      </Boundary>
      <Boundary what="The difference">
        <DifferenceView data={data} chosen={chosen} step={step} />
      </Boundary>
      <Boundary what="The curves">
        <CurvesView data={data} chosen={chosen} step={step} />
      </Boundary>
      <Boundary what="The lens">
        <LensTable data={data} chosen={chosen} step={step} />
      </Boundary>
    </aside>
  );
}
