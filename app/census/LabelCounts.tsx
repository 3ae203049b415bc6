import type {ReactNode} from "react";
import {PATTERNS} from "../../api/contract/choices.ts";
import {TablePlace} from "../parts/TablePlace.tsx";
import {TableHead} from "../parts/TableHead.tsx";

interface LabelCountsProps {
  /** The table's name, for who cannot see it. */
  readonly name: string;
  readonly caption?: ReactNode;
  /** What the rows are. */
  readonly rowsAre: string;
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** How often each label came, a line for each kind of trajectory. */
export function LabelCounts({name, caption, rowsAre, counts}: LabelCountsProps) {
  return (
    <TablePlace label={name} className="census-table">
      <table>
        {caption && <caption className="figure-note">{caption}</caption>}
        <TableHead names={[rowsAre, ...PATTERNS]} classOf={(_, i) => (i > 0 ? "number" : undefined)} />
        <tbody>
          {Object.entries(counts).map(([row, of]) => (
            <tr key={row}>
              <th scope="row">{row}</th>
              {PATTERNS.map((label) => (
                <td key={label} className="number">
                  {of[label]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TablePlace>
  );
}
