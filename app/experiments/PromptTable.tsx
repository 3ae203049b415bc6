import {memo, useMemo} from "react";
import {counted} from "../../api/contract/choices.ts";
import type {PromptRow} from "../../api/contract/contract.ts";
import {formatNumber, tokenLabel} from "../plot/format.ts";
import {arrangePrompts, modeName, promptOrderOf, promptOrderText, promptRowsCsv, type PromptColumn} from "./promptRows.ts";
import {saveCsv} from "../plot/csv.ts";
import {go, useStore} from "../state/store.ts";
import {CountOf} from "../parts/CountOf.tsx";
import {useRowWindow} from "../parts/useRowWindow.ts";
import {Link} from "../parts/Link.tsx";
import {kindOf} from "./PlacesTable.tsx";
import {PanelHead} from "../parts/PanelHead.tsx";

interface Column {
  readonly by: PromptColumn;
  readonly name: string;
  readonly about: string;
  readonly width: number;
  readonly number?: boolean;
  readonly of: (row: PromptRow) => string;
  /** Said of the cell, where it is too narrow to say it. */
  readonly note?: (row: PromptRow) => string | undefined;
}

const cosine = (value: number | null): string => value?.toFixed(4).replace("-", "−") ?? "–";

const COLUMNS: readonly Column[] = [
  {by: "verdict", name: "Verdict", about: "do all tested starts end in one place?", width: 118, of: ({verdict}) => verdict},
  {
    by: "reached",
    name: "Ends in",
    about: "places that the tested starts reached",
    width: 94,
    of: ({reached, period}) =>
      reached > 1
        ? `${reached} places`
        : reached === 0
          ? "none yet"
          : period === 1
            ? "one place"
            : period === null
              ? "one motion"
              : `period ${formatNumber(period)}`,
    note: ({period, phases, reached}) => `${counted(reached, "place")}, the main one ${kindOf(period, phases)}`
  },
  {
    by: "aa_noise",
    name: "AA noise",
    about: "asymptotic alignment from starts of noise",
    width: 96,
    number: true,
    of: ({aa_noise}) => cosine(aa_noise)
  },
  {
    by: "aa_swap",
    name: "AA swap",
    about: "asymptotic alignment from other prompts’ final states",
    width: 90,
    number: true,
    of: ({aa_swap}) => cosine(aa_swap)
  },
  {
    by: "rate",
    name: "Rate",
    about: "what a step leaves of the gap between starts, above the noise floor",
    width: 66,
    number: true,
    of: ({rate}) => formatNumber(rate ?? NaN)
  },
  {
    by: "reached_step",
    name: "Together",
    about: "step from which on all own starts are within the tolerance",
    width: 90,
    number: true,
    of: ({reached_step}) => formatNumber(reached_step ?? NaN)
  },
  {
    by: "said",
    name: "Says",
    about: "what most own starts decode to at the last step",
    width: 84,
    of: ({said}) => (said === null ? "–" : `“${tokenLabel(said)}”`)
  },
  {
    by: "answer_step",
    name: "Agree",
    about: "step from which on all own starts decode alike at every token",
    width: 70,
    number: true,
    of: ({answer_step}) => formatNumber(answer_step ?? NaN)
  },
  {
    by: "basin_radius",
    name: "Basin",
    about: "largest scale up to which every start ends in the main place",
    width: 72,
    number: true,
    of: ({basin_radius, basin_radius_is_bound}) =>
      basin_radius === null ? "–" : `${basin_radius_is_bound ? "≥ " : ""}${formatNumber(basin_radius)}`
  }
];

const LANDSCAPE: Column = {
  by: "mode",
  name: "Landscape",
  about: "the four modes of equilibrium reasoners, where the answer is known",
  width: 140,
  of: ({mode}) => modeName(mode) || "–",
  note: ({answer, correct}) => (answer === null ? undefined : `the right answer: ${tokenLabel(answer)}; ${correct} own starts end there`)
};

const NUMBER_WIDTH = 72;
const PROMPT_WIDTH = 180; // at least
const ROW_HEIGHT = 32; // as the style sheet has it

interface PromptTableProps {
  readonly experiment: string;
  readonly rows: readonly PromptRow[];
  /** Prompts of the experiment, finished or not. */
  readonly count: number;
}

/** A line per finished prompt, as its whole sequence goes; only the lines in sight are in the page. */
export const PromptTable = memo(function PromptTable({experiment, rows, count}: PromptTableProps) {
  const sought = useStore(({view}) => view.sought);
  const order = useStore(({view}) => view.order);
  const shown = useMemo(() => arrangePrompts(rows, sought, promptOrderOf(order)), [rows, sought, order]);
  const columns = useMemo(() => (rows.some(({mode}) => mode !== null) ? [...COLUMNS, LANDSCAPE] : COLUMNS), [rows]);
  const {place, from, to} = useRowWindow(shown.length, ROW_HEIGHT, `${sought} ${order}`);
  return (
    <section aria-label="Prompts of the experiment" className="panel-box">
      <TableTools experiment={experiment} rows={rows} shown={shown} count={count} />
      {shown.length === 0 ? (
        <p className="note">
          No prompt has “{sought}” in its text, answer, verdict or landscape.{" "}
          <button type="button" className="link" onClick={() => go({sought: ""}, {replace: true})}>
            Show all {rows.length}
          </button>
        </p>
      ) : null}
      <div className="prompt-table" tabIndex={0} role="region" aria-label="Prompts" ref={place} hidden={shown.length === 0}>
        <table
          className="runs"
          aria-rowcount={shown.length + 1}
          style={{minWidth: NUMBER_WIDTH + PROMPT_WIDTH + columns.reduce((sum, {width}) => sum + width, 0)}}
        >
          <colgroup>
            <col style={{width: NUMBER_WIDTH}} />
            <col />
            {columns.map(({by: column, width}) => (
              <col key={column} style={{width}} />
            ))}
          </colgroup>
          <thead>
            <tr>
              <Head by="index" name="No." about="the prompt’s number, from 0" number />
              <Head by="prompt" name="Prompt" about="the prompt’s text" />
              {columns.map((column) => (
                <Head key={column.by} {...column} />
              ))}
            </tr>
          </thead>
          <tbody>
            <Room rows={from} columns={columns.length + 2} />
            {shown.slice(from, to).map((row, i) => (
              <PromptLine key={row.index} experiment={experiment} row={row} columns={columns} place={from + i} />
            ))}
            <Room rows={shown.length - to} columns={columns.length + 2} />
          </tbody>
        </table>
      </div>
    </section>
  );
});

/** How many there are, a search, and the lines shown as a file. */
function TableTools({experiment, rows, shown, count}: PromptTableProps & {readonly shown: readonly PromptRow[]}) {
  const sought = useStore(({view}) => view.sought);
  return (
    <PanelHead
      title="Prompts"
      note={<CountOf shown={shown.length} read={rows.length} all={count} />}
      choices={
        <input
          type="search"
          aria-label="Search prompts"
          placeholder="Search prompts, answers, verdicts"
          value={sought}
          onChange={({target}) => go({sought: target.value}, {replace: true})}
        />
      }
    >
      <button
        type="button"
        onClick={() => saveCsv(`${experiment}-prompts`, promptRowsCsv(shown))}
        title="The lines shown, with every number, as CSV"
      >
        CSV
      </button>
    </PanelHead>
  );
}

/** A column's name, which orders the table by it. */
function Head({by: column, name, about, number = false}: Pick<Column, "by" | "name" | "about" | "number">) {
  const {by, down} = promptOrderOf(useStore(({view}) => view.order));
  const sort = (): void => go({order: promptOrderText({by: column, down: by === column && !down})}, {replace: true});
  return (
    <th scope="col" className={number ? "number" : undefined} aria-sort={by === column ? (down ? "descending" : "ascending") : undefined}>
      <button type="button" className="sort" title={about} onClick={sort}>
        {name}
        <span aria-hidden="true">{by === column ? (down ? " ↓" : " ↑") : ""}</span>
      </button>
    </th>
  );
}

/** The height of lines that are out of sight. */
function Room({rows, columns}: {rows: number; columns: number}) {
  if (rows <= 0) return null;
  return (
    <tr className="room" aria-hidden="true">
      <td colSpan={columns} style={{height: rows * ROW_HEIGHT}} />
    </tr>
  );
}

interface PromptLineProps {
  readonly experiment: string;
  readonly row: PromptRow;
  readonly columns: readonly Column[];
  /** Among the lines shown, from 0. */
  readonly place: number;
}

function PromptLine({experiment, row, columns, place}: PromptLineProps) {
  const sought = useStore(({view}) => view.sought);
  const order = useStore(({view}) => view.order);
  return (
    <tr aria-rowindex={place + 2}>
      <td className="number">{row.index}</td>
      <td title={row.prompt}>
        <Link view={{experiment, prompt: row.index, sought, order}} className="word">
          {tokenLabel(row.prompt)}
        </Link>
      </td>
      {columns.map(({by: column, number, of, note}) => (
        <td key={column} className={number ? "number" : column === "said" ? "word" : undefined} title={note?.(row)}>
          {column === "verdict" && <span className={`verdict-mark ${row.verdict}`} aria-hidden="true" />}
          {of(row)}
        </td>
      ))}
    </tr>
  );
}
