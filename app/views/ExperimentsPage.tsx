import {useState} from "react";
import {formatAge, formatSeconds} from "../plot/format.ts";
import {useRemote} from "../remote.ts";
import {useSource} from "../sourceContext.ts";
import {useStore} from "../store.ts";
import {useClock} from "../useClock.ts";
import {Band} from "./Band.tsx";
import {ExperimentForm} from "./ExperimentForm.tsx";
import {Link} from "./Link.tsx";

const REFRESH_MS = 1500;

/** Path independence over many prompts: what has been run, and a form for another. */
export function ExperimentsPage() {
  const source = useSource();
  const epoch = useStore((state) => state.epoch);
  const [running, setRunning] = useState(true);
  const ticks = useClock(running, REFRESH_MS);
  const list = useRemote(
    async (signal) => {
      const found = await source.experiments(signal);
      setRunning(found.experiments.some(({status}) => status === "running" || status === "queued"));
      return found;
    },
    ["experiments"],
    `${epoch} ${ticks}`
  );
  return (
    <main className="page runs-page">
      <header className="page-head">
        <h1>Experiments</h1>
        <span className="note">Does a prompt end in the same place from every initial state?</span>
      </header>
      <ExperimentForm />
      {list.status === "loading" && <p className="note">Loading the experiments …</p>}
      {list.status === "failed" && <Band tone="error" text={list.error.message} />}
      {list.status === "ready" && list.value.experiments.length === 0 && <p className="note">No experiment has been run yet. Each one starts every prompt from many initial states and compares where they end.</p>}
      {list.status === "ready" && list.value.experiments.length > 0 && (
        <div className="table-place">
          <table className="runs">
            <thead>
              <tr>
                {["Experiment", "Model", "Status", "Prompts", "Steps", "Inits", "Started"].map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {list.value.experiments.map(({id, title, model, status, finished, prompts, steps, inits, seconds_left, error, created}) => (
                <tr key={id}>
                  <td className="run-cell">
                    <Link view={{experiment: id}} className="run-title">
                      {title}
                    </Link>
                    {error && <span className="problem">{error}</span>}
                  </td>
                  <td>{model}</td>
                  <td>
                    {status}
                    {seconds_left !== null && `, ${formatSeconds(seconds_left)} left`}
                  </td>
                  <td>{finished === prompts ? prompts : `${finished} of ${prompts}`}</td>
                  <td>{steps}</td>
                  <td>{inits}</td>
                  <td title={created}>{formatAge(created, Date.now())}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </main>
  );
}
