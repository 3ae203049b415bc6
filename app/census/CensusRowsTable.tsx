import {useState} from "react";
import type {CensusDetails, CensusRowAnswer, CensusRowsQuery} from "../../api/contract/contract.ts";
import {beyondNote, CENSUS_ORDERS, PATTERNS, TOKEN_CLASSES} from "../../api/contract/choices.ts";
import type {TrainedProps} from "../plot/beyond.ts";
import {formatNumber, tokenLabel} from "../plot/format.ts";
import {useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {notify} from "../state/store.ts";
import {captureAndOpen} from "../capture/captureAndOpen.ts";
import {Band} from "../parts/Band.tsx";
import {Changes} from "../parts/Changes.tsx";
import {LabelSign} from "../parts/LabelSign.tsx";
import {Pages} from "../parts/Pages.tsx";
import {Select} from "../parts/Select.tsx";
import {PathDialog} from "./PathDialog.tsx";
import {rowsQueryOf, type RowFilter} from "./rowFilter.ts";
import {PanelHead} from "../parts/PanelHead.tsx";
import {TablePlace} from "../parts/TablePlace.tsx";
import {TableHead} from "../parts/TableHead.tsx";

interface CensusRowsTableProps {
  readonly id: string;
  readonly manifest: CensusDetails["manifest"];
  readonly filter: RowFilter;
  readonly onFilter: (filter: RowFilter) => void;
}

/** The rows of a census: filtered, ordered, each in its context, and the way to its trajectory. */
export function CensusRowsTable({id, manifest, filter, onFilter}: CensusRowsTableProps) {
  const source = useSource();
  const [page, setPage] = useState({of: filter, from: 0});
  const from = page.of === filter ? page.from : 0;
  const asked = rowsQueryOf(filter, from);
  const rows = useRemote((signal) => source.censusRows(id, asked, signal), ["census rows", id, JSON.stringify(asked)]);
  const total = rows.status === "ready" ? rows.value.total : undefined;
  return (
    <section className="panel-box" aria-label="Rows of the census">
      <Filters filter={filter} onFilter={onFilter} total={total} />
      {rows.status === "failed" && <Band tone="error" text={rows.error.message} />}
      {rows.status === "loading" && <p className="note">Reading the rows …</p>}
      {rows.status === "ready" && rows.value.rows.length === 0 && <p className="note">No row is like that.</p>}
      {rows.status === "ready" && rows.value.rows.length > 0 && <Rows id={id} manifest={manifest} rows={rows.value.rows} />}
      {total !== undefined && <Pages total={total} from={from} onTurn={(to) => setPage({of: filter, from: to})} />}
    </section>
  );
}

const ALL = [["", "all"]] as const;
const named = (list: readonly string[]): readonly (readonly [string, string])[] => [...ALL, ...list.map((one) => [one, one] as const)];
const ORDER_NAMES: Readonly<Record<CensusRowsQuery["order"], string>> = {
  prompt: "as they stand",
  q: "q",
  period: "period",
  rate: "rate",
  drift_speed: "drift",
  settled_step: "settling step",
  amplitude: "amplitude",
  entropy: "entropy"
};

interface FiltersProps extends Pick<CensusRowsTableProps, "filter" | "onFilter"> {
  readonly total: number | undefined;
}

function Filters({filter, onFilter, total}: FiltersProps) {
  const change = (part: Partial<RowFilter>) => onFilter({...filter, ...part});
  return (
    <PanelHead
      title="Rows"
      note={<output>{total}</output>}
      choices={
        <>
          <Select label="With the label" showLabel value={filter.label} options={named(PATTERNS)} onChange={(label) => change({label})} />
          <Select
            label="Made of"
            showLabel
            value={filter.class}
            options={named(TOKEN_CLASSES)}
            onChange={(kind) => change({class: kind})}
          />
          <label className="select">
            <span>Text</span>
            <input value={filter.text} onChange={({target}) => change({text: target.value})} size={8} />
          </label>
          <label className="select">
            <span>Prompt</span>
            <input value={filter.prompt} onChange={({target}) => change({prompt: target.value})} size={5} inputMode="numeric" />
          </label>
          <Select
            label="Order"
            showLabel
            value={filter.order}
            options={CENSUS_ORDERS.map((one) => [one, ORDER_NAMES[one]] as const)}
            onChange={(order) => change({order})}
          />
          <label className="check">
            <input type="checkbox" checked={filter.descending} onChange={({target}) => change({descending: target.checked})} />
            from the largest
          </label>
        </>
      }
    />
  );
}

interface RowsProps extends Pick<CensusRowsTableProps, "id" | "manifest"> {
  readonly rows: readonly CensusRowAnswer[];
}

const HEADS = ["prompt", "token", "label", "in its context", "q", "number", "settled", "says", "trajectory"];
const NUMBERS: ReadonlySet<string> = new Set(["prompt", "token", "q", "number", "settled"]);

/** What stands beside a token; nothing at the ends of a prompt. */
const beside = (text: string): string => text && tokenLabel(text);

function Rows({id, manifest, rows}: RowsProps) {
  return (
    <TablePlace label="Rows as a table" className="census-table">
      <table>
        <TableHead names={HEADS} classOf={(name) => (NUMBERS.has(name) ? "number" : undefined)} />
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.prompt} ${row.init} ${row.token}`}>
              <td className="number">{row.prompt}</td>
              <td className="number">
                {row.token}
                {manifest.inits > 1 && `, init ${row.init}`}
              </td>
              <td>
                {isPattern(row.label) && <LabelSign label={row.label} />} {row.label}
              </td>
              <td className="census-context">
                {beside(row.context.before)}
                <mark>{tokenLabel(row.text)}</mark>
                {beside(row.context.after)}
              </td>
              <td className="number">{row.q < 1e-4 ? row.q.toExponential(1) : formatNumber(row.q)}</td>
              <td className="number">{numberOf(row)}</td>
              <SettledCell step={row.settled_step} trained={manifest.model.trained_steps} />
              <td>{row.top_text === null ? "–" : `“${tokenLabel(row.top_text)}”`}</td>
              <td>
                {manifest.from === "captures" ? <CaptureRow id={id} manifest={manifest} row={row} /> : <PathOfRow id={id} row={row} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TablePlace>
  );
}

/** The step from which a trajectory stays at its end, marked where the model was not trained so far. */
function SettledCell({step, trained}: {readonly step: number | null} & TrainedProps) {
  const beyond = step === null ? "" : beyondNote(trained, step);
  return (
    <td className={beyond ? "number beyond" : "number"} title={beyond ? `step ${step}${beyond}` : undefined}>
      {step ?? "–"}
      {beyond && <span className="visually-hidden">{beyond}</span>}
    </td>
  );
}

const isPattern = (label: string): label is (typeof PATTERNS)[number] => (PATTERNS as readonly string[]).includes(label);

/** The number that the label is about. */
function numberOf({label, period, rate, drift_speed}: CensusRowAnswer): string {
  if (label === "orbit" && period !== null) return `period ${formatNumber(period)}`;
  if (label === "slider" && drift_speed !== null) return `${formatNumber(drift_speed)} rad a step`;
  return label === "converging" && rate !== null ? `rate ${formatNumber(rate)}` : "–";
}

/** The picture of a trajectory that was captured elsewhere and whose states were not kept. */
function PathOfRow({id, row}: {readonly id: string; readonly row: CensusRowAnswer}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="quiet" onClick={() => setOpen(true)}>
        Path
      </button>
      {isOpen && <PathDialog id={id} row={row} onClose={() => setOpen(false)} />}
    </>
  );
}

/** Captures a row's prompt once more, the same states, and opens the run at its token. */
function CaptureRow({
  id,
  manifest,
  row
}: {
  readonly id: string;
  readonly manifest: CensusDetails["manifest"];
  readonly row: CensusRowAnswer;
}) {
  const source = useSource();
  const [busy, setBusy] = useState(false);
  const open = async (): Promise<void> => {
    setBusy(true);
    try {
      const prompt = await source.censusPrompt(id, row.prompt);
      const {model, steps, inits, init, seed, site, engine, dtype, device} = manifest;
      const title = `${manifest.title ?? id}: prompt ${row.prompt}`;
      const order = {model: model.name, prompt, title, steps, inits, init, seed, sites: [site], engine, dtype, device};
      await captureAndOpen(source, order, {tokens: [row.token], init: inits > 1 ? row.init : undefined});
    } catch (error) {
      notify((error as Error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Changes>
      <button type="button" className="quiet" disabled={busy} onClick={() => void open()}>
        {busy ? "Starting …" : "Capture"}
      </button>
    </Changes>
  );
}
