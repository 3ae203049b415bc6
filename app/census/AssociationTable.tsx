import {useMemo, useState} from "react";
import type {CensusSummary} from "../../api/contract/contract.ts";
import {CLAIMS} from "../../api/contract/choices.ts";
import {tableCsv} from "../plot/csv.ts";
import {formatNumber, formatShare, tokenLabel} from "../plot/format.ts";
import {CsvButton} from "../parts/CsvButton.tsx";
import {Select} from "../parts/Select.tsx";
import {PanelHead} from "../parts/PanelHead.tsx";
import {TablePlace} from "../parts/TablePlace.tsx";
import {TableHead} from "../parts/TableHead.tsx";

type Association = CensusSummary["associations"][number];

interface AssociationTableProps {
  readonly name: string;
  readonly associations: readonly Association[];
  readonly onChoose: (by: Association["by"], group: string, label: string) => void;
}

const SHOWN = 40;

/** Which tokens carry which label: groups by what they are made of, where they stand and how they read, the surest first. */
export function AssociationTable({name, associations, onChoose}: AssociationTableProps) {
  const labels = useMemo(() => [...new Set(associations.map(({label}) => label))], [associations]);
  const [label, setLabel] = useState(() => ["orbit", "slider"].find((one) => labels.includes(one)) ?? labels[0] ?? "");
  const rows = useMemo(
    () => associations.filter((one) => one.label === label).sort((a, b) => a.q - b.q || b.table[0][0] - a.table[0][0]),
    [associations, label]
  );
  if (labels.length === 0)
    return (
      <section className="panel-box">
        <h2>Which tokens carry which label</h2>
        <p className="figure-note">All rows carry the same label: there is nothing to compare.</p>
      </section>
    );
  return (
    <section className="panel-box" aria-label="Which tokens carry which label">
      <PanelHead
        title="Which tokens carry which label"
        choices={<Select label="Label" value={label} options={labels.map((one) => [one, one] as const)} onChange={setLabel} />}
      >
        <CsvButton name={`${name}-associations`} title="associations" csv={() => associationsCsv(associations)} />
      </PanelHead>
      <TablePlace label="Associations" className="census-table">
        <table>
          <TableHead
            names={["by", "group", "with the label", "odds ratio", "95 %", "q"]}
            classOf={(_, i) => (i > 1 ? "number" : undefined)}
          />
          <tbody>
            {rows.slice(0, SHOWN).map((one) => (
              <AssociationRow key={`${one.by} ${one.group}`} one={one} onChoose={onChoose} />
            ))}
          </tbody>
        </table>
      </TablePlace>
      <p className="figure-note">
        The odds of the label within the group over those of all other rows, with an interval that takes prompts as clusters; q is Benjamini
        and Hochberg’s of Fisher’s exact test over {associations.length} comparisons.{" "}
        {rows.length > SHOWN && `The surest ${SHOWN} of ${rows.length}; all of them are in the CSV. `}
        {CLAIMS.includes(label as (typeof CLAIMS)[number]) ? "" : "Unsettled claims nothing."}
      </p>
    </section>
  );
}

function AssociationRow({one, onChoose}: {readonly one: Association; readonly onChoose: AssociationTableProps["onChoose"]}) {
  const {by, group, label, table, odds_ratio, interval, q} = one;
  const [[a, b]] = table;
  const shown = by === "text" ? `“${tokenLabel(group)}”` : group;
  return (
    <tr className={q > 0.05 ? "weak" : undefined}>
      <td>{by}</td>
      <td>
        {by === "position" ? (
          shown
        ) : (
          <button type="button" className="quiet" onClick={() => onChoose(by, group, label)} title="Show these rows">
            {shown}
          </button>
        )}
      </td>
      <td className="number">
        {a} of {a + b}, {formatShare(a / (a + b))}
      </td>
      <td className="number">{odds_ratio === null ? (a === 0 ? "0" : "∞") : formatNumber(odds_ratio)}</td>
      <td className="number">{interval ? `${formatNumber(interval[0])} to ${formatNumber(interval[1])}` : "–"}</td>
      <td className="number">{q < 1e-4 ? q.toExponential(1) : formatNumber(q)}</td>
    </tr>
  );
}

const associationsCsv = (associations: readonly Association[]): string =>
  tableCsv(
    ["by", "group", "label", "group_with", "group_without", "others_with", "others_without", "odds_ratio", "low", "high", "p", "q"],
    associations.map(({by, group, label, table: [[a, b], [c, d]], odds_ratio, interval, p, q}) => [
      ...[by, group, label, a, b, c, d, odds_ratio, interval?.[0], interval?.[1], p, q]
    ])
  );
