import type {WorkerList} from "../../api/contract/contract.ts";
import {formatAge, formatBytes, formatNumber} from "../plot/format.ts";
import {Band} from "../parts/Band.tsx";
import {Link} from "../parts/Link.tsx";
import {TablePlace} from "../parts/TablePlace.tsx";
import {TableHead} from "../parts/TableHead.tsx";
import {readyValue, useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {useStore} from "../state/store.ts";
import {useClock} from "../state/useClock.ts";

const LOOK_MS = 5000; // workers tell of themselves as often

/** Who works for the queue that this server's work goes through. */
export function WorkersPage() {
  const source = useSource();
  const epoch = useStore((state) => state.epoch);
  const ticks = useClock(true, LOOK_MS);
  const list = useRemote((signal) => source.workers(signal), ["workers"], `${epoch} ${ticks}`);
  const {queue, workers} = readyValue(list) ?? {queue: undefined, workers: []};
  return (
    <main className="page runs-page">
      <header className="page-head">
        <h1>Workers</h1>
        <span className="note">{queue ? `of ${queue}` : ""}</span>
        <span className="header-space" />
        <Link view={{page: "censuses"}}>Censuses</Link>
      </header>
      {list.status === "loading" && <p className="note">Asking the queue …</p>}
      {list.status === "failed" && <Band tone="error" text={list.error.message} />}
      {queue === null && (
        <section className="empty">
          <h2>No queue</h2>
          <p>This server does its work itself. With a Redis or Valkey any number of machines share it:</p>
          <pre className="command">{"orrery serve --queue redis://lab:6379\norrery work --queue redis://lab:6379 --models /models"}</pre>
        </section>
      )}
      {typeof queue === "string" && workers.length === 0 && (
        <section className="empty">
          <h2>Nobody works for this queue</h2>
          <p>What is in line waits until somebody does:</p>
          <pre className="command">{`orrery work --queue ${queue} --models /models`}</pre>
        </section>
      )}
      {workers.length > 0 && <WorkersTable workers={workers} />}
    </main>
  );
}

const COLUMNS = ["Worker", "Device", "Models", "Does", "Done", "A minute", "Memory", "Runs to", "Since", "Last seen"];
const NUMBERS: ReadonlySet<string> = new Set(["Done", "A minute", "Memory"]);

function WorkersTable({workers}: Pick<WorkerList, "workers">) {
  const now = Date.now();
  return (
    <TablePlace label="Workers">
      <table className="runs">
        <TableHead names={COLUMNS} classOf={(name) => (NUMBERS.has(name) ? "number" : undefined)} />
        <tbody>
          {workers.map(({id, host, pid, devices, models, task, done, memory, results, since, heartbeat}) => (
            <tr key={id}>
              <td title={`process ${pid}`}>
                {host} <span className="note">{id}</span>
              </td>
              <td>{devices.join(", ")}</td>
              <td>{Object.keys(models).join(", ")}</td>
              <td>{task ?? "waits"}</td>
              <td className="number">{done}</td>
              <td className="number">{formatNumber(done / Math.max(1 / 60, (now - Date.parse(since)) / 60_000))}</td>
              <td className="number">{formatBytes(memory)}</td>
              <td>{results ?? "takes none"}</td>
              <td title={since}>{formatAge(since, now)}</td>
              <td title={heartbeat}>{formatAge(heartbeat, now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TablePlace>
  );
}
