import type {LogLine, Training, TrainingDetails, TrainingProbes} from "../../api/contract/contract.ts";
import {useRemote, type Remote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {useStore} from "../state/store.ts";
import {useFollowed} from "../state/useFollowed.ts";
import {useGrowingList} from "../state/useGrowingList.ts";

/** A training run as it stands, followed by the server's events, and asked for again after an outage. */
export function useTraining(id: string): Remote<TrainingDetails> {
  const source = useSource();
  return useFollowed("training", id, (signal) => source.training(id, signal));
}

/** The log so far, each line asked for once. */
export function useTrainingLog({id, finished, status}: Training): {readonly lines: readonly LogLine[]; readonly error: Error | undefined} {
  const source = useSource();
  return useGrowingList({
    key: id,
    isBehind: (lines) => lines.length === 0 || lines.at(-1)!.update < finished,
    ask: (lines, signal) => source.trainingLog(id, lines.at(-1)?.update ?? -1, signal),
    version: `${status} ${finished > 0}`
  });
}

/** The probe's trajectories at every save; asked for again when `version` changes. */
export function useTrainingProbes(id: string, version: string): Remote<TrainingProbes> {
  const source = useSource();
  const epoch = useStore((state) => state.epoch);
  return useRemote((signal) => source.trainingProbes(id, signal), ["training probes", id], `${epoch} ${version}`);
}
