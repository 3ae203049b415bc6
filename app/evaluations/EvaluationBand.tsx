import type {Evaluation} from "../../api/contract/contract.ts";
import {JobBand} from "../parts/JobBand.tsx";
import {useSource} from "../source/sourceContext.ts";

interface EvaluationBandProps {
  readonly evaluation: Evaluation;
  /** What is wrong with answers that cannot be read. */
  readonly damage: readonly string[];
}

/** How far an evaluation is; one that is complete is gone on with where answers cannot be read. */
export function EvaluationBand({evaluation, damage}: EvaluationBandProps) {
  const source = useSource();
  const {id, items} = evaluation;
  return (
    <JobBand
      kind="evaluation"
      job={evaluation}
      whole={items}
      unit="items"
      stays="What is answered is shown, and stays when it goes on."
      damage={damage.length > 0 ? `${damage.length} answers cannot be read, and are left out: ${damage[0]}` : undefined}
      onCancel={() => source.cancelEvaluation(id)}
      onResume={() => source.resumeEvaluation(id)}
    />
  );
}
