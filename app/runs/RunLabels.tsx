import type {ListedRun} from "../../api/contract/contract.ts";
import type {KnownLabels} from "./useRunLabels.ts";
import {PATTERNS} from "../../api/contract/choices.ts";
import {LabelSign} from "../parts/LabelSign.tsx";

/** What was found in a run: each label's sign and how many trajectories have it. */
export function RunLabels({run, known}: {run: ListedRun; known: ReturnType<KnownLabels["get"]>}) {
  if (run.live) return <span className="note">once it has ended</span>;
  if (run.steps_written <= 0) return <span className="note">–</span>;
  if (!known) return <span className="note">counting …</span>;
  if ("error" in known)
    return (
      <span className="note" title={known.error}>
        none: {known.error.slice(0, 40)}
      </span>
    );
  return (
    <span className="run-labels" title={`of ${known.trajectories} trajectories, at q ≤ ${known.alpha}`}>
      {PATTERNS.filter((label) => (known.counts[label] ?? 0) > 0).map((label) => (
        <span key={label} title={`${known.counts[label]} ${label}`}>
          <LabelSign label={label} /> {known.counts[label]} <span className="visually-hidden">{label}</span>
        </span>
      ))}
    </span>
  );
}
