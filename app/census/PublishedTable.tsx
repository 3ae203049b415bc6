import type {CensusSummary} from "../../api/contract/contract.ts";
import {PATTERNS} from "../../api/contract/choices.ts";
import {TablePlace} from "../parts/TablePlace.tsx";

/** The published classifier's classes against the labels. */
export function PublishedTable({published}: {readonly published: CensusSummary["published"]}) {
  return (
    <section className="panel-box" aria-label="The published classifier beside the labels">
      <h2>The published classifier beside the labels</h2>
      <TablePlace label="Published labels" className="census-table">
        <table>
          <thead>
            <tr>
              <th scope="col">published class</th>
              {PATTERNS.map((label) => (
                <th key={label} scope="col" className="number">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Object.entries(published).map(([kind, counts]) => (
              <tr key={kind}>
                <th scope="row">{kind}</th>
                {PATTERNS.map((label) => (
                  <td key={label} className="number">
                    {counts[label]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </TablePlace>
      <p className="figure-note">
        Blayney et al. 2026 class by the cosine of every state to the last one (τ 0.05, ρ 0.9); their classes are not tested against
        anything.
      </p>
    </section>
  );
}
