import type {ReactNode} from "react";
import type {TokenResult} from "../../api/contract/contract.ts";
import {formatNumber, formatShare, tokenLabel} from "../plot/format.ts";
import {TableHead} from "../parts/TableHead.tsx";

interface PlacesTableProps {
  readonly caption: ReactNode;
  readonly attractors: TokenResult["attractors"];
}

/** The places that starts end in: how many own starts each takes, what it is, what it says, and which starts came there. */
export function PlacesTable({caption, attractors}: PlacesTableProps) {
  return (
    <div className="places-place" tabIndex={0} role="region" aria-label="Places that starts end in">
      <table className="runs places">
        <caption>{caption}</caption>
        <TableHead names={["Place", "Own starts", "95 %", "Kind", "Says", "Right", "Starts"]} />
        <tbody>
          {attractors.map(({share, share_ci, period, phases, answer, correct, starts}, i) => (
            <tr key={i}>
              <th scope="row">{i + 1}</th>
              <td>{formatShare(share)}</td>
              <td>{share_ci.map(formatShare).join(" to ")}</td>
              <td>{kindOf(period, phases)}</td>
              <td>{answer === null ? "–" : <span className="word">“{tokenLabel(answer)}”</span>}</td>
              <td>{correct === null ? "–" : correct ? "yes" : "no"}</td>
              <td>
                {Object.entries(starts)
                  .map(([name, count]) => `${count} ${name.replace(" ", " × ")}`)
                  .join(", ")}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** `rests`, or the period of its cycle and at how many phases starts were met on it. */
export function kindOf(period: number | null, phases: number): string {
  if (period === null) return "motion, not seen to come back";
  if (period === 1) return "rests";
  return `cycle of period ${formatNumber(period)}${phases > 1 ? `, met at ${phases} phases` : ""}`;
}
