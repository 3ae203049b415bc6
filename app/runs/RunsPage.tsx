import {useMemo, useRef, useState} from "react";
import type {ListedRun} from "../../api/contract/contract.ts";
import {useRemote} from "../source/remote.ts";
import {arrangeRuns, runsCsv, type RunOrder} from "./runList.ts";
import {useSource} from "../source/sourceContext.ts";
import {showDialog, useStore} from "../state/store.ts";
import {useReturns} from "../state/useReturns.ts";
import {useRunLabels, type KnownLabels} from "./useRunLabels.ts";
import {isOver} from "../state/useServer.ts";
import {Band} from "../parts/Band.tsx";
import {Changes} from "../parts/Changes.tsx";
import {CsvButton} from "../parts/CsvButton.tsx";
import {FromGpuBox} from "./FromGpuBox.tsx";
import {Link} from "../parts/Link.tsx";
import {JobsList} from "./JobsList.tsx";
import {RunRow} from "./RunRow.tsx";
import {NoRunFound, RunSearch} from "./RunSearch.tsx";
import {pressed} from "./runSelection.ts";
import {SelectionBar} from "./SelectionBar.tsx";
import {TablePlace} from "../parts/TablePlace.tsx";

/** All runs: search, sort, open; and the captures under way. */
export function RunsPage() {
  const source = useSource();
  const [changes, setChanges] = useState(0);
  const [sought, setSought] = useState("");
  const [order, setOrder] = useState<RunOrder>({by: "created", down: true});
  const over = useStore(({jobs, epoch}) => `${epoch}:${jobs.length}:${jobs.filter(isOver).length}`);
  const returns = useReturns();
  const list = useRemote((signal) => source.runs(signal), ["runs"], `${changes}:${over}:${returns}`);
  const runs = list.status === "ready" ? list.value.runs : NONE;
  const labels = useRunLabels(runs);
  const shown = useMemo(() => arrangeRuns(runs, sought, order, labels), [runs, sought, order, labels]);
  return (
    <main className="page runs-page">
      <header className="page-head">
        <h1>Runs</h1>
        {runs.length > 0 && (
          <span className="note">{shown.length === runs.length ? `${runs.length}` : `${shown.length} of ${runs.length}`}</span>
        )}
        <span className="header-space" />
        <Link view={{page: "trajectories", sought: "label=orbit"}} className="button">
          Search trajectories
        </Link>
        <Changes>
          <button
            type="button"
            onClick={() => showDialog("open")}
            title="A trace folder, .safetensors, .npz, .npy, Parquet or a report; or drop it anywhere"
          >
            Open …
          </button>
        </Changes>
        {shown.length > 0 && <CsvButton name="runs" title="the runs shown" csv={() => runsCsv(shown, labels)} />}
        {runs.length > 0 && <RunSearch sought={sought} onSeek={setSought} />}
      </header>
      <JobsList />
      {list.status === "loading" && <p className="note">Loading the runs …</p>}
      {list.status === "failed" && (
        <Band tone="error" text={list.error.message} action={{label: "Try again", run: () => setChanges(changes + 1)}} />
      )}
      {list.status === "ready" && runs.length === 0 && <EmptyList />}
      {runs.length > 0 && shown.length === 0 && <NoRunFound sought={sought} runs={runs.length} onSeek={setSought} />}
      {shown.length > 0 && (
        <RunsTable runs={shown} labels={labels} order={order} onOrder={setOrder} onChange={() => setChanges((count) => count + 1)} />
      )}
      {list.status === "ready" &&
        list.value.broken.map(({id, error}) => <Band key={id} tone="warning" text={`${id} cannot be read: ${error}`} />)}
    </main>
  );
}

const NONE: readonly ListedRun[] = [];

function EmptyList() {
  return (
    <section className="empty">
      <h2>No runs yet</h2>
      <p>A run is a prompt sent through a model, with the hidden state kept at every recurrent step.</p>
      <Changes>
        <button type="button" className="primary" onClick={() => showDialog("capture")}>
          Capture the first one
        </button>{" "}
        <button type="button" onClick={() => showDialog("open")}>
          Open what was made elsewhere …
        </button>
      </Changes>
      <FromGpuBox />
    </section>
  );
}

/** Where there is no room, the spare ones are not shown; a column without `by` has no order. */
const COLUMNS: readonly {by?: RunOrder["by"]; name: string; number?: boolean; spare?: boolean}[] = [
  {by: "title", name: "Run"},
  {name: "Course", spare: true},
  {by: "model", name: "Model"},
  {by: "status", name: "Status"},
  {by: "labels", name: "Labels"},
  {by: "tokens", name: "Tokens", number: true, spare: true},
  {by: "steps", name: "Steps", number: true},
  {by: "inits", name: "Inits", number: true, spare: true},
  {by: "bytes", name: "Size", number: true, spare: true},
  {by: "created", name: "Captured"}
];

interface RunsTableProps {
  readonly runs: readonly ListedRun[];
  readonly labels: KnownLabels;
  readonly order: RunOrder;
  readonly onOrder: (order: RunOrder) => void;
  readonly onChange: () => void;
}

/** The runs, a line each; those selected have a bar of what can be done with them. */
function RunsTable({runs, labels, order, onOrder, onChange}: RunsTableProps) {
  const [selected, setSelected] = useState<ReadonlySet<string>>(NO_RUNS);
  const last = useRef<string>(undefined);
  const chosen = runs.filter(({id}) => selected.has(id));
  const select = (id: string, range: boolean): void => {
    setSelected(pressed(selected, runs, {id, last: last.current, range}));
    last.current = id;
  };
  const all = chosen.length === runs.length;
  return (
    <>
      {chosen.length > 0 && <SelectionBar runs={chosen} onClear={() => setSelected(NO_RUNS)} onChange={onChange} />}
      <TablePlace label="Runs">
        <table className="runs">
          <thead>
            <tr>
              <th scope="col" className="select-cell">
                <input
                  type="checkbox"
                  aria-label="Select all runs shown"
                  checked={all}
                  onChange={() => setSelected(all ? NO_RUNS : new Set(runs.map(({id}) => id)))}
                />
              </th>
              <ColumnHeads order={order} onOrder={onOrder} />
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <RunRow
                key={run.id}
                run={run}
                labels={labels.get(run.id)}
                selected={selected.has(run.id)}
                onSelect={({range}) => select(run.id, range)}
                onChange={onChange}
              />
            ))}
          </tbody>
        </table>
      </TablePlace>
    </>
  );
}

const NO_RUNS: ReadonlySet<string> = new Set();

/** The columns' names, which order the list. */
function ColumnHeads({order, onOrder}: Pick<RunsTableProps, "order" | "onOrder">) {
  return COLUMNS.map(({by, name, number, spare}) => {
    const className = `${number ? "number" : ""}${spare ? " spare" : ""}`;
    if (!by)
      return (
        <th key={name} scope="col" className={`${className} note`}>
          {name}
        </th>
      );
    const isOrder = order.by === by;
    return (
      <th key={name} scope="col" className={className} aria-sort={isOrder ? (order.down ? "descending" : "ascending") : undefined}>
        <button
          type="button"
          className="sort"
          onClick={() => onOrder({by, down: isOrder ? !order.down : by === "created" || by === "labels"})}
        >
          {name}
          <span aria-hidden="true">{isOrder ? (order.down ? " ↓" : " ↑") : ""}</span>
        </button>
      </th>
    );
  });
}
