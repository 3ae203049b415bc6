import {useMemo, useState} from "react";
import type {Evaluation} from "../../api/contract/contract.ts";
import {formatAge, formatSeconds} from "../plot/format.ts";
import {Band} from "../parts/Band.tsx";
import {Changes} from "../parts/Changes.tsx";
import {DeleteButton} from "../parts/DeleteButton.tsx";
import {Link} from "../parts/Link.tsx";
import {useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {showDialog, useStore} from "../state/store.ts";
import {isDepth} from "./setting.ts";
import {isUnderWay} from "../state/useFollowed.ts";
import {TablePlace} from "../parts/TablePlace.tsx";

/** Accuracy by depth: what has been run, what runs, and the way to another. */
export function EvaluationsPage() {
  const source = useSource();
  const epoch = useStore((state) => state.epoch);
  const told = useStore((state) => state.evaluations);
  const [asked, setAsked] = useState(0);
  const list = useRemote(
    (signal) => source.evaluations(signal),
    ["evaluations"],
    `${epoch} ${asked} ${Object.values(told)
      .map(({id, status}) => `${id} ${status}`)
      .join()}`
  );
  const evaluations = useMemo(
    () => (list.status === "ready" ? list.value.evaluations.map((evaluation) => told[evaluation.id] ?? evaluation) : []),
    [list, told]
  );
  return (
    <main className="page runs-page">
      <header className="page-head">
        <h1>Evaluations</h1>
        <span className="note">How right is the model after so many steps?</span>
        <span className="header-space" />
        <Changes>
          <button type="button" onClick={() => showDialog("evaluation")}>
            New evaluation
          </button>
        </Changes>
      </header>
      {list.status === "loading" && <p className="note">Loading the evaluations …</p>}
      {list.status === "failed" && (
        <Band tone="error" text={list.error.message} action={{label: "Try again", run: () => setAsked((before) => before + 1)}} />
      )}
      {list.status === "ready" && evaluations.length === 0 && (
        <section className="empty">
          <h2>No evaluations yet</h2>
          <p>
            An evaluation answers every item of a task at several depths, under exit rules and cache strategies, and tells where the answer
            was right first and last.
          </p>
          <Changes>
            <button type="button" className="primary" onClick={() => showDialog("evaluation")}>
              Start the first one
            </button>
          </Changes>
        </section>
      )}
      {evaluations.length > 0 && <EvaluationsTable evaluations={evaluations} onChange={() => setAsked((before) => before + 1)} />}
      {list.status === "ready" &&
        list.value.broken.map(({id, error}) => <Band key={id} tone="warning" text={`${id} cannot be read: ${error}`} />)}
    </main>
  );
}

function EvaluationsTable({evaluations, onChange}: {readonly evaluations: readonly Evaluation[]; readonly onChange: () => void}) {
  return (
    <TablePlace label="Evaluations">
      <table className="runs">
        <thead>
          <tr>
            {["Evaluation", "Model", "Status", "Items", "Depths", "Rules and caches", "Begun", ""].map((name, i) => (
              <th key={name} scope="col" className={i === 3 || i === 5 ? "number" : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {evaluations.map((evaluation) => {
            const {id, title, owner, model, status, finished, items, settings, seconds_left, error, created} = evaluation;
            const depths = settings.filter(isDepth).map(({steps}) => steps);
            return (
              <tr key={id}>
                <td className="run-cell">
                  <Link view={{evaluation: id}} className="run-title">
                    {title}
                  </Link>
                  {error && <span className="problem">{error}</span>}
                </td>
                <td>{model}</td>
                <td className={status === "complete" || isUnderWay(evaluation) ? undefined : "partial"}>
                  {status}
                  {seconds_left !== null && `, ${formatSeconds(seconds_left)} left`}{" "}
                  {status === "running" && <progress value={finished} max={items} aria-label={`Progress of ${title}`} />}
                </td>
                <td className="number">{finished === items ? items : `${finished} of ${items}`}</td>
                <td>{depths.join(", ")}</td>
                <td className="number">{settings.length - depths.length}</td>
                <td title={created}>{formatAge(created, Date.now())}</td>
                <td className="row-actions">
                  <Changes owner={owner}>
                    <EvaluationDelete evaluation={evaluation} onChange={onChange} />
                  </Changes>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </TablePlace>
  );
}

/** Without what is still told of it: the list has it no more. */
function EvaluationDelete({evaluation, onChange}: {readonly evaluation: Evaluation; readonly onChange: () => void}) {
  const source = useSource();
  const {id, title} = evaluation;
  const remove = async (): Promise<void> => {
    await source.removeEvaluation(id);
    useStore.setState(({evaluations: {[id]: _, ...rest}}) => ({evaluations: rest}));
  };
  return (
    <DeleteButton
      title={title}
      disabled={isUnderWay(evaluation)}
      remove={remove}
      restore={() => source.restoreEvaluation(id)}
      onChange={onChange}
    />
  );
}
