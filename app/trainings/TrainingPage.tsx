import {useMemo, useState} from "react";
import {counted} from "../../api/contract/choices.ts";
import type {TrainingDetails} from "../../api/contract/contract.ts";
import {Band} from "../parts/Band.tsx";
import {Boundary} from "../parts/Boundary.tsx";
import {DownloadLink} from "../parts/DownloadLink.tsx";
import {FailedPage} from "../parts/FailedPage.tsx";
import {Link} from "../parts/Link.tsx";
import {Loading} from "../parts/Loading.tsx";
import {PanelHead} from "../parts/PanelHead.tsx";
import {Select} from "../parts/Select.tsx";
import {trainingReportAddress} from "../source/httpSource.ts";
import {readyValue, useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {useKeys, type KeyCommand} from "../state/keys.ts";
import {go, notify, openRun, useStore} from "../state/store.ts";
import {isUnderWay} from "../state/jobs.ts";
import {ProbeFigure} from "./ProbeFigure.tsx";
import {TrainingBand} from "./TrainingBand.tsx";
import {TrainingFigures} from "./TrainingFigures.tsx";
import {useTraining, useTrainingLog, useTrainingProbes} from "./useTraining.ts";

/** One training run, as far as it is. */
export function TrainingPage({id}: {id: string}) {
  const details = useTraining(id);
  if (details.status === "loading") return <Loading what="the training" />;
  if (details.status === "failed") return <FailedPage what="training" error={details.error} list="trainings" />;
  return <TrainingView details={details.value} />;
}

/** Curves by update, and what became of the probe prompt's trajectories. */
function TrainingView({details: {training, recipe}}: {details: TrainingDetails}) {
  const source = useSource();
  const {id, title, task, status, finished} = training;
  const {lines, error} = useTrainingLog(training);
  const {width, core} = recipe.model;
  const {shown, saves, show, probes} = useSaves(id, `${status} ${Math.floor(finished / recipe.save_every)}`);
  return (
    <main className="page experiment">
      <header className="page-head">
        <h1>{title}</h1>
        <span className="note">
          {task} · width {width} · {counted(core, "core block")} · {recipe.rows} rows of {recipe.tokens} tokens · seed {recipe.seed}
        </span>
        <span className="header-space" />
        <Link view={{page: "trainings"}}>All trainings</Link>
      </header>
      <TrainingBand training={training} loss={lines.at(-1)?.loss ?? undefined} />
      {error && <Band tone="error" text={`The log could not be read: ${error.message}`} />}
      {lines.length < 2 && !error && (
        <section className="empty">
          <h2>{isUnderWay(training) ? "No update is done yet" : "No update was done"}</h2>
          <p>Loss, accuracy and states appear here with the first update, and grow with each.</p>
        </section>
      )}
      {lines.length > 1 && (
        <Boundary what="The figures">
          <TrainingFigures
            id={id}
            recipe={recipe}
            lines={lines}
            save={saves[shown]?.update}
            onPick={(update) => show(nearestSave(saves, update))}
          />
        </Boundary>
      )}
      {probes.status === "failed" && <Band tone="error" text={`The probe’s trajectories could not be read: ${probes.error.message}`} />}
      {probes.status === "ready" && saves.length > 0 && (
        <Boundary what="The probe">
          <ProbeFigure id={id} probes={probes.value} shown={shown} onShow={show} onOpen={(update) => void openSave(update)} />
        </Boundary>
      )}
      {lines.length > 1 && <ReportPanel id={id} />}
    </main>
  );

  function openSave(update: number): Promise<void> {
    return source.saveRun(id, update).then(
      ({run}) => openRun(run),
      (failure: Error) => notify(failure.message)
    );
  }
}

/** The saves whose trajectories are there, and the one that is looked at: the address's, or the last. */
function useSaves(id: string, version: string) {
  const probes = useTrainingProbes(id, version);
  const wanted = useStore(({view}) => view.save);
  const saves = useMemo(() => readyValue(probes)?.saves ?? [], [probes]);
  const at = saves.findIndex(({update}) => update === wanted);
  const shown = at < 0 ? saves.length - 1 : at;
  const commands = useMemo((): KeyCommand[] => {
    const show = (place: number): void => go({save: saves[Math.min(saves.length - 1, Math.max(0, place))]?.update}, {replace: true});
    return [
      {keys: [","], run: () => show(shown - 1)},
      {keys: ["."], run: () => show(shown + 1)},
      {keys: ["Home"], run: () => show(0)},
      {keys: ["End"], run: () => show(saves.length - 1)}
    ];
  }, [saves, shown]);
  useKeys(commands);
  return {probes, saves, shown, show: (place: number): void => go({save: saves[place]?.update}, {replace: true})};
}

const nearestSave = (saves: readonly {readonly update: number}[], update: number): number =>
  saves.reduce((best, save, i) => (Math.abs(save.update - update) < Math.abs(saves[best].update - update) ? i : best), 0);

/** The report of the run alone, or held against another one. */
function ReportPanel({id}: {id: string}) {
  const source = useSource();
  const list = useRemote((signal) => source.trainings(signal), ["trainings beside", id]);
  const [beside, setBeside] = useState("");
  const others = (readyValue(list)?.trainings ?? []).filter((training) => training.id !== id && training.finished > 0);
  return (
    <section className="panel-box" aria-label="Diagnosis">
      <PanelHead title="Diagnosis" />
      <p>
        The report holds the curves, and, beside a control, where this run’s loss leaves the control’s for good and which of the other
        curves warned first.
      </p>
      <div className="report-choice">
        <Select
          label="Control"
          showLabel
          value={beside}
          options={[["", "none"], ...others.map((training): [string, string] => [training.id, training.title])]}
          onChange={setBeside}
        />
        <DownloadLink className="button" href={trainingReportAddress(id, beside)}>
          Report
        </DownloadLink>
      </div>
    </section>
  );
}
