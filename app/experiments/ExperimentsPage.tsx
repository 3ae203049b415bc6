import {useMemo, useState} from "react";
import type {Experiment} from "../../api/contract/contract.ts";
import {formatAge, formatSeconds} from "../plot/format.ts";
import {useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {showDialog, useStore} from "../state/store.ts";
import {isUnderWay} from "../state/useFollowed.ts";
import {Changes} from "../parts/Changes.tsx";
import {DeleteButton} from "../parts/DeleteButton.tsx";
import {Band} from "../parts/Band.tsx";
import {Link} from "../parts/Link.tsx";
import {TablePlace} from "../parts/TablePlace.tsx";

/** Path independence over many prompts: what has been run, what runs, and the way to another. */
export function ExperimentsPage() {
  const source = useSource();
  const epoch = useStore((state) => state.epoch);
  const told = useStore((state) => state.experiments);
  const [asked, setAsked] = useState(0);
  const list = useRemote(
    (signal) => source.experiments(signal),
    ["experiments"],
    `${epoch} ${asked} ${Object.values(told)
      .map(({id, status}) => `${id} ${status}`)
      .join()}`
  );
  const experiments = useMemo(
    () => (list.status === "ready" ? list.value.experiments.map((experiment) => told[experiment.id] ?? experiment) : []),
    [list, told]
  );
  return (
    <main className="page runs-page">
      <header className="page-head">
        <h1>Experiments</h1>
        <span className="note">Does a prompt end in the same place from every initial state?</span>
        <span className="header-space" />
        <Changes>
          <button type="button" onClick={() => showDialog("experiment")}>
            New experiment
          </button>
        </Changes>
      </header>
      {list.status === "loading" && <p className="note">Loading the experiments …</p>}
      {list.status === "failed" && (
        <Band tone="error" text={list.error.message} action={{label: "Try again", run: () => setAsked((before) => before + 1)}} />
      )}
      {list.status === "ready" && experiments.length === 0 && (
        <section className="empty">
          <h2>No experiments yet</h2>
          <p>An experiment starts each of many prompts from many initial states, and compares where they end and what they say there.</p>
          <Changes>
            <button type="button" className="primary" onClick={() => showDialog("experiment")}>
              Start the first one
            </button>
          </Changes>
        </section>
      )}
      {experiments.length > 0 && <ExperimentsTable experiments={experiments} onChange={() => setAsked((before) => before + 1)} />}
      {list.status === "ready" &&
        list.value.broken.map(({id, error}) => <Band key={id} tone="warning" text={`${id} cannot be read: ${error}`} />)}
    </main>
  );
}

function ExperimentsTable({experiments, onChange}: {readonly experiments: readonly Experiment[]; readonly onChange: () => void}) {
  return (
    <TablePlace label="Experiments">
      <table className="runs">
        <thead>
          <tr>
            {["Experiment", "Model", "Status", "Prompts", "Steps", "Own starts", "Begun", ""].map((name, i) => (
              <th key={name} scope="col" className={i >= 3 && i <= 5 ? "number" : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {experiments.map((experiment) => {
            const {id, title, owner, model, status, finished, prompts, steps, inits, seconds_left, error, created} = experiment;
            const isWhole = status === "complete" || isUnderWay(experiment);
            return (
              <tr key={id}>
                <td className="run-cell">
                  <Link view={{experiment: id}} className="run-title">
                    {title}
                  </Link>
                  {owner !== null && <span className="tag">{owner}</span>}
                  {error && <span className="problem">{error}</span>}
                </td>
                <td>{model}</td>
                <td className={isWhole ? undefined : "partial"}>
                  {status}
                  {seconds_left !== null && `, ${formatSeconds(seconds_left)} left`}{" "}
                  {status === "running" && <progress value={finished} max={prompts} aria-label={`Progress of ${title}`} />}
                </td>
                <td className="number">{finished === prompts ? prompts : `${finished} of ${prompts}`}</td>
                <td className="number">{steps}</td>
                <td className="number">{inits}</td>
                <td title={created}>{formatAge(created, Date.now())}</td>
                <td className="row-actions">
                  <Changes owner={owner}>
                    <ExperimentDelete experiment={experiment} onChange={onChange} />
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
function ExperimentDelete({experiment, onChange}: {readonly experiment: Experiment; readonly onChange: () => void}) {
  const source = useSource();
  const {id, title} = experiment;
  const remove = async (): Promise<void> => {
    await source.removeExperiment(id);
    useStore.setState(({experiments: {[id]: _, ...rest}}) => ({experiments: rest}));
  };
  return (
    <DeleteButton
      title={title}
      disabled={isUnderWay(experiment)}
      remove={remove}
      restore={() => source.restoreExperiment(id)}
      onChange={onChange}
    />
  );
}
