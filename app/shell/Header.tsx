import {counted} from "../../api/contract/choices.ts";
import {openRuns, showDialog, useStore} from "../state/store.ts";
import {currentSection, SECTIONS, type Section} from "../state/section.ts";
import {isOver} from "../state/useServer.ts";
import {Changes} from "../parts/Changes.tsx";
import {Link} from "../parts/Link.tsx";
import {Mark} from "../parts/Mark.tsx";
import {HeaderTools} from "./HeaderTools.tsx";

const NAMES: Readonly<Record<Section, string>> = {
  runs: "Runs",
  experiments: "Experiments",
  evaluations: "Evaluations",
  censuses: "Censuses",
  trainings: "Trainings",
  generate: "Generate",
  methods: "Methods"
};

/** The name, the way back to the runs, and what can always be done. */
export function Header() {
  const {section, current} = currentSection(useStore(({view}) => view));
  const waiting = useStore(({jobs}) => jobs.filter((job) => !isOver(job)).length);
  return (
    <header className="header">
      <Link className="brand" view={{page: "runs"}}>
        <Mark />
        Orrery
      </Link>
      <nav aria-label="Main">
        {SECTIONS.map((one) => (
          <Link key={one} view={{page: one}} current={one === section ? current : undefined}>
            {NAMES[one]}
          </Link>
        ))}
      </nav>
      <span className="header-space" />
      {waiting > 0 && (
        <button type="button" className="quiet" onClick={openRuns}>
          {counted(waiting, "capture")} under way
        </button>
      )}
      <VisitorNote />
      <Changes>
        <button type="button" className="primary" onClick={() => showDialog("capture")} aria-keyshortcuts="a">
          New capture
        </button>
      </Changes>
      <HeaderTools />
    </header>
  );
}

/** Whom the server takes one for, and the way out. */
function VisitorNote() {
  const visitor = useStore(({server}) => server?.visitor);
  return (
    <>
      {visitor?.name && (
        <form method="post" action="./sign-out" className="visitor">
          <span className="note">{visitor.name}</span>
          <button type="submit" className="quiet">
            Sign out
          </button>
        </form>
      )}
      {visitor?.read_only && <span className="note">read only</span>}
    </>
  );
}
