import type {EvalSummary} from "../../api/contract/contract.ts";
import {formatNumber, formatShare} from "../plot/format.ts";
import {PanelHead} from "../parts/PanelHead.tsx";
import {TableHead} from "../parts/TableHead.tsx";

/** Do failures come from not settling? The table, the exact test, and what they say. */
export function SettlingPanel({settling}: {settling: EvalSummary["settling"]}) {
  return (
    <section className="panel-box settling" aria-label="Settling">
      <PanelHead title="Do failures come from not settling?" />
      {settling ? <Table settling={settling} /> : <p className="note">No item has a label: they need a depth of 16 steps or more.</p>}
    </section>
  );
}

function Table({settling: {table, p, odds_ratio, sentence}}: {settling: NonNullable<EvalSummary["settling"]>}) {
  const rows = ["settled", "not settled"] as const;
  return (
    <>
      <p>{sentence}</p>
      <table className="runs">
        <TableHead names={["At the deepest run", "right", "wrong", "wrong of all"]} classOf={(_, i) => (i > 0 ? "number" : undefined)} />
        <tbody>
          {rows.map((name, i) => {
            const [right, wrong] = table[i];
            return (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className="number">{right}</td>
                <td className="number">{wrong}</td>
                <td className="number">{right + wrong > 0 ? formatShare(wrong / (right + wrong)) : "–"}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="figure-note">
        Fisher’s exact test, two-sided: p = {formatNumber(p)}
        {odds_ratio !== null && `, odds ratio ${formatNumber(odds_ratio)}`}. Settled: the prompt’s last position is labelled converging over
        the deepest run.
      </p>
    </>
  );
}
