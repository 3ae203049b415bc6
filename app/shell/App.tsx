import {useEffect} from "react";
import {useKeys, type KeyCommand} from "../state/keys.ts";
import {followHistory, showDialog, useStore} from "../state/store.ts";
import {useServer} from "../state/useServer.ts";
import {useThemeOnDocument} from "../state/useTheme.ts";
import {CaptureDialog} from "../capture/CaptureDialog.tsx";
import {CensusDialog} from "../census/CensusDialog.tsx";
import {CensusesPage} from "../census/CensusesPage.tsx";
import {WorkersPage} from "../census/WorkersPage.tsx";
import {CensusPage} from "../census/CensusPage.tsx";
import {CompareDialog} from "../run/compare/CompareDialog.tsx";
import {EvaluationDialog} from "../evaluations/EvaluationDialog.tsx";
import {EvaluationPage} from "../evaluations/EvaluationPage.tsx";
import {EvaluationsPage} from "../evaluations/EvaluationsPage.tsx";
import {ExperimentDialog} from "../experiments/ExperimentDialog.tsx";
import {ExperimentPage} from "../experiments/ExperimentPage.tsx";
import {ExperimentsPage} from "../experiments/ExperimentsPage.tsx";
import {GeneratePage} from "../generate/GeneratePage.tsx";
import {Boundary} from "../parts/Boundary.tsx";
import {Header} from "./Header.tsx";
import {KeysDialog} from "./KeysDialog.tsx";
import {OpenDialog} from "../runs/OpenDialog.tsx";
import {useDrop} from "./useDrop.ts";
import {LabelCard} from "../parts/LabelCard.tsx";
import {MethodsPage} from "../methods/MethodsPage.tsx";
import {NoticeBar} from "./NoticeBar.tsx";
import {ServerBand} from "./ServerBand.tsx";
import {RunPage} from "../run/RunPage.tsx";
import {RunsPage} from "../runs/RunsPage.tsx";
import {TrajectoriesPage} from "../runs/TrajectoriesPage.tsx";
import {TrainingDialog} from "../trainings/TrainingDialog.tsx";
import {TrainingPage} from "../trainings/TrainingPage.tsx";
import {TrainingsPage} from "../trainings/TrainingsPage.tsx";
import {StartPage} from "./StartPage.tsx";

const COMMANDS: readonly KeyCommand[] = [
  {keys: ["a"], run: () => showDialog("capture")},
  {keys: ["?"], run: () => showDialog("keys")}
];

/** The page: a header, one view, and what may lie over it. */
export function App() {
  useEffect(followHistory, []);
  useServer();
  useThemeOnDocument();
  useKeys(COMMANDS);
  useDrop();
  const {run, page, experiment, evaluation, census, training} = useStore((state) => state.view);
  const dialog = useStore((state) => state.dialog);
  return (
    <div className="app">
      <Header />
      <ServerBand />
      <Boundary key={run ?? experiment ?? evaluation ?? census ?? training ?? page} what="This view">
        {run ? (
          <RunPage id={run} />
        ) : experiment ? (
          <ExperimentPage id={experiment} />
        ) : evaluation ? (
          <EvaluationPage id={evaluation} />
        ) : page === "evaluations" ? (
          <EvaluationsPage />
        ) : census ? (
          <CensusPage id={census} />
        ) : page === "censuses" ? (
          <CensusesPage />
        ) : page === "workers" ? (
          <WorkersPage />
        ) : training ? (
          <TrainingPage id={training} />
        ) : page === "trainings" ? (
          <TrainingsPage />
        ) : page === "experiments" ? (
          <ExperimentsPage />
        ) : page === "generate" ? (
          <GeneratePage />
        ) : page === "methods" ? (
          <MethodsPage />
        ) : page === "trajectories" ? (
          <TrajectoriesPage />
        ) : page === "runs" ? (
          <RunsPage />
        ) : (
          <StartPage />
        )}
      </Boundary>
      <Boundary key={dialog} what="The dialog">
        {dialog === "capture" && <CaptureDialog />}
        {dialog === "compare" && <CompareDialog />}
        {dialog === "experiment" && <ExperimentDialog />}
        {dialog === "evaluation" && <EvaluationDialog />}
        {dialog === "census" && <CensusDialog />}
        {dialog === "training" && <TrainingDialog />}
        {dialog === "open" && <OpenDialog />}
        {dialog === "keys" && <KeysDialog />}
      </Boundary>
      <LabelCard />
      <NoticeBar />
    </div>
  );
}
