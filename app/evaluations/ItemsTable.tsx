import {useMemo, useState} from "react";
import type {EvalRow, EvalSpec} from "../../api/contract/contract.ts";
import {CountOf} from "../parts/CountOf.tsx";
import {useRowWindow} from "../parts/useRowWindow.ts";
import {saveCsv} from "../plot/csv.ts";
import {tokenLabel} from "../plot/format.ts";
import {useSource} from "../source/sourceContext.ts";
import {go, useStore} from "../state/store.ts";
import {arrangeItems, itemOrderOf, itemRowsCsv, itemRowsOf, type ItemColumn, type ItemRow} from "./itemRows.ts";
import {openItem} from "./openItem.ts";
import {PanelHead} from "../parts/PanelHead.tsx";

interface Column {
  readonly by: ItemColumn;
  readonly name: string;
  readonly about: string;
  readonly width?: number;
  readonly number?: boolean;
  readonly of: (row: ItemRow) => string;
}

const COLUMNS: readonly Column[] = [
  {by: "index", name: "No.", about: "the item’s number, from 0", width: 72, number: true, of: ({index}) => String(index)},
  {by: "task", name: "Task", about: "the item’s task", width: 130, of: ({task}) => task},
  {by: "prompt", name: "Prompt", about: "what was asked", of: ({prompt}) => tokenLabel(prompt)},
  {by: "answer", name: "Answer", about: "the right one", width: 110, of: ({answer}) => tokenLabel(answer)},
  {by: "said", name: "Said", about: "what was answered at the deepest", width: 110, of: ({said}) => tokenLabel(said)},
  {
    by: "first_correct",
    name: "First",
    about: "first correct step: the least depth at which the answer was right",
    width: 84,
    number: true,
    of: ({first_correct}) => String(first_correct ?? "never")
  },
  {
    by: "last_correct",
    name: "Last",
    about: "last correct step: the largest depth at which it was right",
    width: 84,
    number: true,
    of: ({last_correct, lost}) => (last_correct === null ? "never" : `${last_correct}${lost ? " lost" : ""}`)
  },
  {
    by: "label",
    name: "Label",
    about: "of the prompt’s last position over the deepest run",
    width: 110,
    of: ({label}) => label ?? "–"
  }
];

const PROMPT_WIDTH = 160; // at least
const ROW_HEIGHT = 32; // as the style sheet has it

/** A line for each answered item, with the first and the last step at which it was right; only the lines in sight are in the page. */
export function ItemsTable({id, spec, rows, count}: {id: string; spec: EvalSpec; rows: readonly EvalRow[]; count: number}) {
  const sought = useStore(({view}) => view.sought);
  const order = useStore(({view}) => view.order);
  const [lost, setLost] = useState(false);
  const all = useMemo(() => itemRowsOf(spec, rows), [spec, rows]);
  const shown = useMemo(() => arrangeItems(all, {sought, order, lost}), [all, sought, order, lost]);
  const losers = useMemo(() => rows.filter((row) => row.lost).length, [rows]);
  const {place, from, to} = useRowWindow(shown.length, ROW_HEIGHT, `${sought} ${order} ${lost}`);
  return (
    <section aria-label="Items of the evaluation" className="panel-box">
      <PanelHead
        title="First and last correct step"
        note={<CountOf shown={shown.length} read={rows.length} all={count} />}
        choices={
          <>
            <label className="check">
              <input type="checkbox" checked={lost} onChange={({target}) => setLost(target.checked)} /> had the answer and lost it ({losers}
              )
            </label>
            <input
              type="search"
              aria-label="Search items"
              placeholder="Search prompts, answers, right, wrong"
              value={sought}
              onChange={({target}) => go({sought: target.value}, {replace: true})}
            />
          </>
        }
      >
        <button type="button" onClick={() => saveCsv(`${id}-items`, itemRowsCsv(shown))} title="The lines shown, as CSV">
          CSV
        </button>
      </PanelHead>
      {shown.length === 0 && <p className="note">No answered item is so.</p>}
      <div className="prompt-table" tabIndex={0} role="region" aria-label="Items" ref={place} hidden={shown.length === 0}>
        <table
          className="runs"
          aria-rowcount={shown.length + 1}
          style={{minWidth: COLUMNS.reduce((sum, {width = PROMPT_WIDTH}) => sum + width, 0)}}
        >
          <colgroup>
            {COLUMNS.map(({by: column, width}) => (
              <col key={column} style={{width}} />
            ))}
          </colgroup>
          <ItemsHead order={order} />
          <tbody>
            <Room lines={from} />
            {shown.slice(from, to).map((row, i) => (
              <ItemLine key={row.index} spec={spec} row={row} place={from + i + 2} />
            ))}
            <Room lines={shown.length - to} />
          </tbody>
        </table>
      </div>
    </section>
  );
}

function ItemsHead({order}: {readonly order: string}) {
  const {by, down} = itemOrderOf(order);
  const sort = (column: ItemColumn): void => {
    const falls = by === column && !down;
    go({order: column === "index" && !falls ? "" : `${falls ? "-" : ""}${column}`}, {replace: true});
  };
  return (
    <thead>
      <tr>
        {COLUMNS.map(({by: column, name, about, number}) => (
          <th
            key={column}
            scope="col"
            className={number ? "number" : undefined}
            aria-sort={by === column ? (down ? "descending" : "ascending") : undefined}
          >
            <button type="button" className="sort" title={about} onClick={() => sort(column)}>
              {name}
              <span aria-hidden="true">{by === column ? (down ? " ↓" : " ↑") : ""}</span>
            </button>
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface ItemLineProps {
  readonly spec: EvalSpec;
  readonly row: ItemRow;
  /** Its number in the table, from 1 for the head. */
  readonly place: number;
}

function ItemLine({spec, row, place}: ItemLineProps) {
  const source = useSource();
  return (
    <tr aria-rowindex={place}>
      {COLUMNS.map(({by: column, number, of}) => (
        <td key={column} className={number ? "number" : undefined} title={column === "prompt" ? row.prompt : undefined}>
          {column === "said" && <span className={`verdict-mark ${row.isRight ? "" : "dependent"}`} aria-hidden="true" />}
          {column === "prompt" ? (
            <button
              type="button"
              className="link word"
              title="Capture this prompt and open its trajectory"
              onClick={() => void openItem(source, spec, row)}
            >
              {of(row)}
            </button>
          ) : (
            of(row)
          )}
          {column === "said" && <span className="visually-hidden">{row.isRight ? ", right" : ", wrong"}</span>}
        </td>
      ))}
    </tr>
  );
}

/** As high as the lines that are out of sight. */
const Room = ({lines}: {readonly lines: number}) =>
  lines > 0 && (
    <tr className="room" aria-hidden="true">
      <td colSpan={COLUMNS.length} style={{height: lines * ROW_HEIGHT}} />
    </tr>
  );
