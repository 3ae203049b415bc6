import type {CensusSummary} from "../../api/contract/contract.ts";
import {LabelCounts} from "./LabelCounts.tsx";

/** The published classifier's classes against the labels. */
export function PublishedTable({published}: {readonly published: CensusSummary["published"]}) {
  return (
    <section className="panel-box" aria-label="The published classifier beside the labels">
      <h2>The published classifier beside the labels</h2>
      <LabelCounts name="Published labels" rowsAre="published class" counts={published} />
      <p className="figure-note">
        Blayney et al. 2026 class by the cosine of every state to the last one (τ 0.05, ρ 0.9); their classes are not tested against
        anything.
      </p>
    </section>
  );
}
