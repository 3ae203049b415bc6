import {useEffect} from "react";
import {useKeys, type KeyCommand} from "../keys.ts";
import {followHistory, showDialog, useStore} from "../store.ts";
import {useServer} from "../useServer.ts";
import {useThemeOnDocument} from "../useTheme.ts";
import {CaptureDialog} from "./CaptureDialog.tsx";
import {CompareDialog} from "./CompareDialog.tsx";
import {ExperimentDialog} from "./ExperimentDialog.tsx";
import {ExperimentPage} from "./ExperimentPage.tsx";
import {ExperimentsPage} from "./ExperimentsPage.tsx";
import {Header} from "./Header.tsx";
import {KeysDialog} from "./KeysDialog.tsx";
import {NoticeBar} from "./NoticeBar.tsx";
import {OfflineBand} from "./OfflineBand.tsx";
import {RunPage} from "./RunPage.tsx";
import {RunsPage} from "./RunsPage.tsx";
import {StartPage} from "./StartPage.tsx";

const COMMANDS: readonly KeyCommand[] = [
  {keys: ["n"], run: () => showDialog("capture")},
  {keys: ["?"], run: () => showDialog("keys")}
];

/** The page: a header, one view, and what may lie over it. */
export function App() {
  useEffect(followHistory, []);
  useServer();
  useThemeOnDocument();
  useKeys(COMMANDS);
  const {run, page, experiment} = useStore((state) => state.view);
  const dialog = useStore((state) => state.dialog);
  return (
    <div className="app">
      <Header />
      <OfflineBand />
      {run ? <RunPage key={run} id={run} /> : experiment ? <ExperimentPage key={experiment} id={experiment} /> : page === "experiments" ? <ExperimentsPage /> : page === "runs" ? <RunsPage /> : <StartPage />}
      {dialog === "capture" && <CaptureDialog />}
      {dialog === "compare" && <CompareDialog />}
      {dialog === "experiment" && <ExperimentDialog />}
      {dialog === "keys" && <KeysDialog />}
      <NoticeBar />
    </div>
  );
}
