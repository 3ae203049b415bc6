import {useState} from "react";
import {PATTERNS} from "../../api/contract/choices.ts";
import type {ListedRun, Trajectories} from "../../api/contract/contract.ts";
import {formatNumber, tokenLabel} from "../plot/format.ts";
import {Band} from "../parts/Band.tsx";
import {LabelSign} from "../parts/LabelSign.tsx";
import {Link} from "../parts/Link.tsx";
import {Pages} from "../parts/Pages.tsx";
import {PanelHead} from "../parts/PanelHead.tsx";
import {Select} from "../parts/Select.tsx";
import {TablePlace} from "../parts/TablePlace.tsx";
import {TableHead} from "../parts/TableHead.tsx";
import {useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {go, useStore} from "../state/store.ts";
import {filterOf, periodProblem, queryOf, soughtOf, type TrajectoryFilter} from "./trajectoryFilter.ts";
import {useRunLabels} from "./useRunLabels.ts";

const NONE: readonly ListedRun[] = [];

/** Looks through the trajectories of all runs: every orbit of a period, every slider of a token, each opened in its run. */
export function TrajectoriesPage() {
  const source = useSource();
  const sought = useStore(({view}) => view.sought);
  const filter = filterOf(sought);
  const [page, setPage] = useState({of: sought, from: 0});
  const from = page.of === sought ? page.from : 0;
  const list = useRemote((signal) => source.runs(signal), ["runs to look through"]);
  const counted = useRunLabels(list.status === "ready" ? list.value.runs : NONE).size; // works out, one by one, those that wait
  const found = useRemote((signal) => source.trajectories(queryOf(filter, from), signal), ["trajectories", sought, from], counted);
  return (
    <main className="page trajectories-page">
      <header className="page-head">
        <h1>Trajectories of all runs</h1>
        <span className="header-space" />
        <Link view={{page: "runs"}}>Runs</Link>
      </header>
      <section className="panel-box" aria-label="Found trajectories">
        <Filters filter={filter} found={found.status === "ready" ? found.value : undefined} />
        {found.status === "loading" && <p className="note">Looking through the runs …</p>}
        {found.status === "failed" && <Band tone="error" text={found.error.message} />}
        {found.status === "ready" && <Found found={found.value} />}
        {found.status === "ready" && <Pages total={found.value.total} from={from} onTurn={(to) => setPage({of: sought, from: to})} />}
      </section>
    </main>
  );
}

function Filters({filter, found}: {filter: TrajectoryFilter; found: Trajectories | undefined}) {
  const change = (part: Partial<TrajectoryFilter>): void => go({sought: soughtOf({...filter, ...part})}, {replace: true});
  const problem = periodProblem(filter);
  return (
    <PanelHead
      note={
        <output>{found && `${found.total} in ${found.runs} runs${found.waiting ? `; ${found.waiting} wait for their labels` : ""}`}</output>
      }
      choices={
        <>
          <Select
            label="Label"
            showLabel
            value={filter.label}
            options={[["", "any"], ...PATTERNS.map((one) => [one, one] as const)]}
            onChange={(label) => change({label})}
          />
          <label className="select">
            <span>Period near</span>
            <input
              value={filter.period}
              size={5}
              inputMode="decimal"
              aria-invalid={problem !== undefined}
              title={problem ?? "within a tenth of it"}
              onChange={({target}) => change({period: target.value})}
            />
          </label>
          <label className="select">
            <span>Token</span>
            <input value={filter.text} size={8} onChange={({target}) => change({text: target.value})} />
          </label>
          <label className="select">
            <span>Model</span>
            <input value={filter.model} size={12} onChange={({target}) => change({model: target.value})} />
          </label>
          {problem && <span className="problem">{problem}</span>}
        </>
      }
    />
  );
}

const HEADS = ["token", "label", "period", "amplitude", "drift, rad a step", "rate", "settled", "q", "run", "model"];
const isText = (head: string): boolean => ["token", "label", "run", "model"].includes(head);

function Found({found: {rows, waiting}}: {found: Trajectories}) {
  if (rows.length === 0) return <p className="note">{waiting ? "Working out the labels …" : "No trajectory is like that."}</p>;
  return (
    <TablePlace label="Trajectories as a table" className="census-table">
      <table>
        <TableHead names={HEADS} classOf={(name) => (isText(name) ? undefined : "number")} />
        <tbody>
          {rows.map((row) => (
            <FoundRow key={`${row.run} ${row.init} ${row.index}`} row={row} />
          ))}
        </tbody>
      </table>
    </TablePlace>
  );
}

const number = (value: number | null): string => (value === null ? "–" : formatNumber(value));

function FoundRow({row}: {row: Trajectories["rows"][number]}) {
  const {run, title, model, init, index, text, label, q} = row;
  return (
    <tr>
      <td>
        <Link view={{run, tokens: [index], init}} className="found-token">
          “{tokenLabel(text)}”
        </Link>{" "}
        <span className="note">
          token {index}, init {init + 1}
        </span>
      </td>
      <td>
        <LabelSign label={label} /> {label}
      </td>
      {[row.period, row.amplitude, row.drift_speed, row.rate].map((value, i) => (
        <td key={HEADS[2 + i]} className="number">
          {number(value)}
        </td>
      ))}
      <td className="number">{row.settled_step ?? "–"}</td>
      <td className="number">{q < 1e-4 ? q.toExponential(1) : formatNumber(q)}</td>
      <td className="found-run">
        <Link view={{run}}>{title}</Link>
      </td>
      <td>{model}</td>
    </tr>
  );
}
