import {ascending} from "d3";
import {useMemo, useRef, useState} from "react";
import {beyondColumn, beyondNote, counted, type Trained} from "../../api/contract/choices.ts";
import type {EvalRow, EvalSpec} from "../../api/contract/contract.ts";
import {FigurePanel} from "../parts/FigurePanel.tsx";
import {PlotMount} from "../parts/PlotMount.tsx";
import {Select} from "../parts/Select.tsx";
import {answerColours, answerMap, type AnswerColumn, type AnswerMapProps} from "../plot/answerMap.ts";
import {tableCsv} from "../plot/csv.ts";
import {tokenLabel} from "../plot/format.ts";
import type {Plot} from "../plot/plot.ts";
import {useSource} from "../source/sourceContext.ts";
import {usePalette} from "../state/useTheme.ts";
import {openItem} from "./openItem.ts";
import {isDepth} from "./setting.ts";

const TITLE = "Answers by step";
const NOTE = "An item a column, a depth a line. A click captures the item’s prompt and opens its trajectory.";
const LEGEND = ["the right answer", "a wrong one", "another wrong one", "a third", "any further"];

const ORDERS = [
  ["first", "by the first correct step"],
  ["index", "as in the task"]
] as const;

/** Which answer every item was given at every depth. */
export function AnswerFigure({id, spec, rows}: {id: string; spec: EvalSpec; rows: readonly EvalRow[]}) {
  const source = useSource();
  const palette = usePalette();
  const plot = useRef<Plot<AnswerMapProps> | null>(null);
  const [order, setOrder] = useState<(typeof ORDERS)[number][0]>("first");
  const [read, setRead] = useState<string>();
  const depths = useMemo(() => spec.settings.flatMap((setting, i) => (isDepth(setting) ? [{i, steps: setting.steps}] : [])), [spec]);
  const shown = useMemo(() => (order === "first" ? byFirst(rows) : rows), [rows, order]);
  const trained = spec.model.trained_steps;
  const columns = useMemo(
    () =>
      shown.map(({outcomes}) =>
        answerColumn(
          depths.map(({i}) => outcomes[i].right),
          depths.map(({i}) => outcomes[i].answer)
        )
      ),
    [shown, depths]
  );
  const steps = useMemo(() => depths.map((depth) => depth.steps), [depths]);
  const hover = (column: number | undefined, depth: number | undefined): void => {
    const row = column === undefined ? undefined : shown[column];
    if (!row || depth === undefined) {
      setRead(undefined);
      return;
    }
    setRead(readingOf(row, depths[depth], trained));
  };
  return (
    <FigurePanel
      title={TITLE}
      note={NOTE}
      read={read}
      name={`${id}-answers`}
      pictures={() => (plot.current ? [plot.current.picture()] : [])}
      csv={() => answersCsv(shown, depths, trained)}
    >
      <Select label="Items" showLabel value={order} options={ORDERS} onChange={setOrder} />
      <PlotMount
        make={answerMap}
        props={{
          palette,
          title: TITLE,
          steps,
          columns,
          trained,
          onHover: hover,
          onPick: (column) => void openItem(source, spec, shown[column])
        }}
        className="figure-answers"
        plot={plot}
      />
      <Legend colours={answerColours(palette)} most={Math.max(0, ...columns.flat())} />
    </FigurePanel>
  );
}

function Legend({colours, most}: {readonly colours: readonly string[]; readonly most: number}) {
  return (
    <ul className="depth-legend">
      {LEGEND.slice(0, most + 1).map((name, i) => (
        <li key={name}>
          <span className="swatch" style={{background: colours[i]}} aria-hidden="true" /> {name}
        </li>
      ))}
    </ul>
  );
}

/** A setting that is a depth: its place among the outcomes, and its steps. */
interface Depth {
  readonly i: number;
  readonly steps: number;
}

function readingOf(row: EvalRow, {i, steps}: Depth, trained: Trained): string {
  const {answer, right} = row.outcomes[i];
  const verdict = right ? "right" : `wrong; right is “${tokenLabel(row.answer)}”`;
  return `item ${row.index}, ${tokenLabel(row.prompt)}: at ${counted(steps, "step")}${beyondNote(trained, steps)} “${tokenLabel(answer)}”, ${verdict}`;
}

function answersCsv(rows: readonly EvalRow[], depths: readonly Depth[], trained: Trained): string {
  const beyond = beyondColumn(trained);
  return tableCsv(
    ["index", "steps", ...beyond.names, "right", "answer"],
    rows.flatMap(({index, outcomes}) =>
      depths.map(({i, steps}) => [index, steps, ...beyond.cells(steps), outcomes[i].right, outcomes[i].answer])
    )
  );
}

/** Items that were right first on the left, those that never were on the right; of equal ones those that lost it later. */
const byFirst = (rows: readonly EvalRow[]): EvalRow[] =>
  [...rows].sort(
    (a, b) =>
      ascending(a.first_correct ?? Infinity, b.first_correct ?? Infinity) ||
      ascending(b.last_correct ?? 0, a.last_correct ?? 0) ||
      a.index - b.index
  );

/** 0 for a right answer, else which of the item's different wrong ones it is, from 1, in the order of the depths. */
function answerColumn(right: readonly boolean[], answers: readonly string[]): AnswerColumn {
  const wrong: string[] = [];
  return answers.map((answer, i) => {
    if (right[i]) return 0;
    if (!wrong.includes(answer)) wrong.push(answer);
    return wrong.indexOf(answer) + 1;
  });
}
