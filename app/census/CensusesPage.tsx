import {useState} from "react";
import type {CensusEntry} from "../../api/contract/contract.ts";
import {PATTERNS} from "../../api/contract/choices.ts";
import {formatAge, formatSeconds} from "../plot/format.ts";
import {readyValue, useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {showDialog, useStore} from "../state/store.ts";
import {isUnderWay} from "../state/useFollowed.ts";
import {Band} from "../parts/Band.tsx";
import {Changes} from "../parts/Changes.tsx";
import {DeleteButton} from "../parts/DeleteButton.tsx";
import {LabelSign} from "../parts/LabelSign.tsx";
import {Link} from "../parts/Link.tsx";
import {TablePlace} from "../parts/TablePlace.tsx";

/** Labels of whole data sets: what has been counted. */
export function CensusesPage() {
  const source = useSource();
  const epoch = useStore((state) => state.epoch);
  const told = useStore((state) => state.censuses);
  const [asked, setAsked] = useState(0);
  const again = () => setAsked((count) => count + 1);
  const list = useRemote(
    (signal) => source.censuses(signal),
    ["censuses"],
    `${epoch} ${asked} ${Object.values(told)
      .map(({id, status}) => `${id} ${status}`)
      .join()}`
  );
  const {censuses: listed = [], broken = []} = readyValue(list) ?? {};
  const censuses = listed.map((census): CensusEntry => ({...census, ...told[census.id], counts: census.counts}));
  return (
    <main className="page runs-page">
      <header className="page-head">
        <h1>Censuses</h1>
        <span className="note">Every token of a data set, labelled; false discoveries controlled over all of it.</span>
        <span className="header-space" />
        <Link view={{page: "workers"}}>Workers</Link>
        <Changes>
          <button type="button" onClick={() => showDialog("census")}>
            New census
          </button>
        </Changes>
      </header>
      {list.status === "loading" && <p className="note">Loading the censuses …</p>}
      {list.status === "failed" && <Band tone="error" text={list.error.message} action={{label: "Try again", run: again}} />}
      {list.status === "ready" && censuses.length === 0 && (
        <section className="empty">
          <h2>No censuses yet</h2>
          <p>
            A census runs every prompt of a data set and keeps a row for each trajectory: its label, what it says and where it stands. One
            that a shell or many machines make with <code>orrery census</code> is shown here, too.
          </p>
          <Changes>
            <button type="button" className="primary" onClick={() => showDialog("census")}>
              Start the first one
            </button>
          </Changes>
        </section>
      )}
      {censuses.length > 0 && <CensusesTable censuses={censuses} onChange={again} />}
      {broken.map(({id, error}) => (
        <Band key={id} tone="warning" text={`${id} cannot be read: ${error}`} />
      ))}
    </main>
  );
}

const COLUMNS = ["Census", "Model", "Status", "Prompts", "Steps", "Labels", "Begun", ""];

interface CensusesTableProps {
  readonly censuses: readonly CensusEntry[];
  readonly onChange: () => void;
}

function CensusesTable({censuses, onChange}: CensusesTableProps) {
  return (
    <TablePlace label="Censuses">
      <table className="runs">
        <thead>
          <tr>
            {COLUMNS.map((name) => (
              <th key={name} scope="col" className={name === "Prompts" || name === "Steps" ? "number" : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {censuses.map((census) => (
            <CensusRow key={census.id} census={census} onChange={onChange} />
          ))}
        </tbody>
      </table>
    </TablePlace>
  );
}

function CensusRow({census, onChange}: {readonly census: CensusEntry; readonly onChange: () => void}) {
  const {id, title, model, owner, status, prompts, finished, steps, counts, seconds_left, error, created} = census;
  return (
    <tr>
      <td className="run-cell">
        <Link view={{census: id}} className="run-title">
          {title}
        </Link>
        {error && <span className="problem">{error}</span>}
      </td>
      <td>{model}</td>
      <td className={status === "complete" || isUnderWay(census) ? undefined : "partial"}>
        {status}
        {seconds_left !== null && `, ${formatSeconds(seconds_left)} left`}{" "}
        {status === "running" && <progress value={finished} max={prompts} aria-label={`Progress of ${title}`} />}
      </td>
      <td className="number">{finished === prompts ? prompts : `${finished} of ${prompts}`}</td>
      <td className="number">{steps}</td>
      <td>{counts && <Counts counts={counts} />}</td>
      <td title={created}>{formatAge(created, Date.now())}</td>
      <td className="row-actions">
        <Changes owner={owner}>
          <CensusDelete census={census} onChange={onChange} />
        </Changes>
      </td>
    </tr>
  );
}

const Counts = ({counts}: {readonly counts: Readonly<Record<string, number>>}) =>
  PATTERNS.map((label) => (
    <span key={label} className="census-count" title={label}>
      <LabelSign label={label} /> {counts[label]}
      <span className="visually-hidden"> {label}</span>
    </span>
  ));

/** Without what is still told of it: the list has it no more. */
function CensusDelete({census, onChange}: {readonly census: CensusEntry; readonly onChange: () => void}) {
  const source = useSource();
  const {id, title} = census;
  const remove = async (): Promise<void> => {
    await source.removeCensus(id);
    useStore.setState(({censuses: {[id]: _, ...rest}}) => ({censuses: rest}));
  };
  return (
    <DeleteButton
      title={title}
      disabled={isUnderWay(census)}
      remove={remove}
      restore={() => source.restoreCensus(id)}
      onChange={onChange}
    />
  );
}
