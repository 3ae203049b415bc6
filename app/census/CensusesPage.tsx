import type {CensusEntry} from "../../api/contract/contract.ts";
import {PATTERNS} from "../../api/contract/choices.ts";
import {formatAge} from "../plot/format.ts";
import {readyValue, useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {useStore} from "../state/store.ts";
import {Band} from "../parts/Band.tsx";
import {LabelSign} from "../parts/LabelSign.tsx";
import {Link} from "../parts/Link.tsx";

const COMMAND = "orrery census --model tiny-arithmetic --prompts prompts.jsonl --steps 64 --out censuses/sums";

/** Labels of whole data sets: what has been counted. */
export function CensusesPage() {
  const source = useSource();
  const epoch = useStore((state) => state.epoch);
  const list = useRemote((signal) => source.censuses(signal), ["censuses"], epoch);
  const {censuses = [], broken = []} = readyValue(list) ?? {};
  return (
    <main className="page runs-page">
      <header className="page-head">
        <h1>Censuses</h1>
        <span className="note">Every token of a data set, labelled; false discoveries controlled over all of it.</span>
      </header>
      {list.status === "loading" && <p className="note">Loading the censuses …</p>}
      {list.status === "failed" && <Band tone="error" text={list.error.message} />}
      {list.status === "ready" && censuses.length === 0 && (
        <section className="empty">
          <h2>No censuses yet</h2>
          <p>A census is made in a shell, on one machine or on many, and is shown here while it grows:</p>
          <pre className="command">{COMMAND}</pre>
        </section>
      )}
      {censuses.length > 0 && <CensusesTable censuses={censuses} />}
      {broken.map(({id, error}) => (
        <Band key={id} tone="warning" text={`${id} cannot be read: ${error}`} />
      ))}
    </main>
  );
}

const COLUMNS = ["Census", "Model", "Prompts", "Steps", "Labels", "Begun"];

function CensusesTable({censuses}: {readonly censuses: readonly CensusEntry[]}) {
  return (
    <div className="table-place">
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
          {censuses.map(({id, title, model, prompts, finished, steps, counts, created}) => (
            <tr key={id}>
              <td className="run-cell">
                <Link view={{census: id}} className="run-title">
                  {title}
                </Link>
              </td>
              <td>{model}</td>
              <td className="number">{finished === prompts ? prompts : `${finished} of ${prompts}`}</td>
              <td className="number">{steps}</td>
              <td>
                {counts
                  ? PATTERNS.map((label) => (
                      <span key={label} className="census-count" title={label}>
                        <LabelSign label={label} /> {counts[label]}
                        <span className="visually-hidden"> {label}</span>
                      </span>
                    ))
                  : "under way"}
              </td>
              <td title={created}>{formatAge(created, Date.now())}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
