import {useEffect} from "react";
import type {Gallery} from "../../api/contract/contract.ts";
import {MethodsPage} from "../methods/MethodsPage.tsx";
import {Boundary} from "../parts/Boundary.tsx";
import {LabelCard} from "../parts/LabelCard.tsx";
import {Link} from "../parts/Link.tsx";
import {Mark} from "../parts/Mark.tsx";
import {RunPage} from "../run/RunPage.tsx";
import {HeaderTools} from "../shell/HeaderTools.tsx";
import {KeysDialog} from "../shell/KeysDialog.tsx";
import {NoticeBar} from "../shell/NoticeBar.tsx";
import {useKeys, type KeyCommand} from "../state/keys.ts";
import {followHistory, showDialog, useStore} from "../state/store.ts";
import {useThemeOnDocument} from "../state/useTheme.ts";
import {GalleryPage} from "./GalleryPage.tsx";

const COMMANDS: readonly KeyCommand[] = [{keys: ["?"], run: () => showDialog("keys")}];

/** The page of a gallery: its list, or one of its runs as the workbench shows it. */
export function GalleryApp({gallery}: {gallery: Gallery}) {
  useEffect(followHistory, []);
  useThemeOnDocument();
  useKeys(COMMANDS);
  const {run, page} = useStore((state) => state.view);
  const dialog = useStore((state) => state.dialog);
  const shown = gallery.runs.find(({id}) => id === run);
  useEffect(() => {
    document.title = shown ? `${shown.title} – ${gallery.title}` : gallery.title;
  }, [shown, gallery.title]);
  return (
    <div className="app">
      <GalleryHeader />
      <Boundary key={run ?? page} what="This view">
        {run ? <RunPage id={run} /> : page === "methods" ? <MethodsPage /> : <GalleryPage gallery={gallery} />}
      </Boundary>
      <Boundary key={dialog} what="The dialog">
        {dialog === "keys" && <KeysDialog />}
      </Boundary>
      <LabelCard />
      <NoticeBar />
    </div>
  );
}

function GalleryHeader() {
  return (
    <header className="header">
      <Link className="brand" view={{page: "runs"}}>
        <Mark />
        Orrery
      </Link>
      <nav aria-label="Main">
        <Link view={{page: "runs"}}>Runs</Link>
        <Link view={{page: "methods"}}>Methods</Link>
      </nav>
      <span className="header-space" />
      <HeaderTools />
    </header>
  );
}
