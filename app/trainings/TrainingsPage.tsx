import {useMemo, useState} from "react";
import type {Training} from "../../api/contract/contract.ts";
import {formatAge, formatSeconds} from "../plot/format.ts";
import {Band} from "../parts/Band.tsx";
import {Changes} from "../parts/Changes.tsx";
import {Link} from "../parts/Link.tsx";
import {TablePlace} from "../parts/TablePlace.tsx";
import {useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {showDialog, useStore} from "../state/store.ts";
import {isUnderWay} from "../state/useFollowed.ts";

/** Training runs: what there is, what runs, and the way to another. */
export function TrainingsPage() {
  const source = useSource();
  const epoch = useStore((state) => state.epoch);
  const told = useStore((state) => state.trainings);
  const [asked, setAsked] = useState(0);
  const list = useRemote(
    (signal) => source.trainings(signal),
    ["trainings"],
    `${epoch} ${asked} ${Object.values(told)
      .map(({id, status}) => `${id} ${status}`)
      .join()}`
  );
  const trainings = useMemo(
    () => (list.status === "ready" ? list.value.trainings.map((training) => told[training.id] ?? training) : []),
    [list, told]
  );
  return (
    <main className="page runs-page">
      <header className="page-head">
        <h1>Trainings</h1>
        <span className="note">Small looped models whose dynamics are known, and how they came by them.</span>
        <span className="header-space" />
        <Changes>
          <button type="button" onClick={() => showDialog("training")}>
            New training
          </button>
        </Changes>
      </header>
      {list.status === "loading" && <p className="note">Loading the trainings …</p>}
      {list.status === "failed" && (
        <Band tone="error" text={list.error.message} action={{label: "Try again", run: () => setAsked(asked + 1)}} />
      )}
      {list.status === "ready" && trainings.length === 0 && (
        <section className="empty">
          <h2>No trainings yet</h2>
          <p>
            A training makes a small looped model from a recipe, in minutes on a CPU: clocks that orbit, choices with two places to rest in.
            Its loss, its accuracy by depth and the trajectories of a prompt are drawn while it runs.
          </p>
          <Changes>
            <button type="button" className="primary" onClick={() => showDialog("training")}>
              Start the first one
            </button>
          </Changes>
        </section>
      )}
      {trainings.length > 0 && <TrainingsTable trainings={trainings} />}
      {list.status === "ready" &&
        list.value.broken.map(({id, error}) => <Band key={id} tone="warning" text={`${id} cannot be read: ${error}`} />)}
    </main>
  );
}

function TrainingsTable({trainings}: {trainings: readonly Training[]}) {
  return (
    <TablePlace label="Trainings">
      <table className="runs">
        <thead>
          <tr>
            {["Training", "Task", "Status", "Updates", "Begun"].map((name) => (
              <th key={name} scope="col" className={name === "Updates" ? "number" : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {trainings.map((training) => {
            const {id, title, owner, task, status, finished, updates, seconds_left, error, created} = training;
            return (
              <tr key={id}>
                <td className="run-cell">
                  <Link view={{training: id}} className="run-title">
                    {title}
                  </Link>
                  {owner !== null && <span className="tag">{owner}</span>}
                  {error && <span className="problem">{error}</span>}
                </td>
                <td>{task}</td>
                <td className={status === "complete" || isUnderWay(training) ? undefined : "partial"}>
                  {status}
                  {seconds_left !== null && `, ${formatSeconds(seconds_left)} left`}{" "}
                  {status === "running" && <progress value={finished} max={updates} aria-label={`Progress of ${title}`} />}
                </td>
                <td className="number">{finished === updates ? updates : `${finished} of ${updates}`}</td>
                <td title={created}>{formatAge(created, Date.now())}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </TablePlace>
  );
}
