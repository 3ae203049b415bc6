import type {Training} from "../../api/contract/contract.ts";
import {JobBand} from "../parts/JobBand.tsx";
import {formatNumber} from "../plot/format.ts";
import {useSource} from "../source/sourceContext.ts";

interface TrainingBandProps {
  readonly training: Training;
  /** As the log last says it. */
  readonly loss: number | undefined;
}

/** How far a training run is. */
export function TrainingBand({training, loss}: TrainingBandProps) {
  const source = useSource();
  const {id, finished, updates} = training;
  return (
    <JobBand
      kind="training"
      job={training}
      whole={updates}
      unit="updates"
      stays="It goes on from there to the same numbers as without the stop."
      doing={`${finished} of ${updates} updates${loss === undefined ? "" : `, loss ${formatNumber(loss)}`}`}
      onCancel={() => source.cancelTraining(id)}
      onResume={() => source.resumeTraining(id)}
    />
  );
}
