import {useEffect, useMemo, useState} from "react";
import type {LogLine, Training, TrainingDetails, TrainingProbes} from "../../api/contract/contract.ts";
import {useRemote, type Remote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {useStore} from "../state/store.ts";
import {useFollowed} from "../state/useFollowed.ts";

/** A training run as it stands, followed by the server's events, and asked for again after an outage. */
export function useTraining(id: string): Remote<TrainingDetails> {
  const source = useSource();
  const told = useStore((state) => state.trainings[id]);
  const asked = useFollowed({
    kind: "training",
    id,
    told,
    ask: (signal) => source.training(id, signal),
    jobOf: ({training}) => training
  });
  return useMemo(
    () => (asked.status === "ready" ? {status: "ready", value: {...asked.value, training: told ?? asked.value.training}} : asked),
    [asked, told]
  );
}

/** The log so far, each line asked for once. */
export function useTrainingLog({id, finished, status}: Training): {readonly lines: readonly LogLine[]; readonly error: Error | undefined} {
  const source = useSource();
  const epoch = useStore((state) => state.epoch);
  const [lines, setLines] = useState<readonly LogLine[]>([]);
  const [error, setError] = useState<Error>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another run begins anew
  useEffect(() => setLines([]), [id]);
  const isBehind = lines.length === 0 || lines.at(-1)!.update < finished; // one question at a time, however many updates pass meanwhile
  // biome-ignore lint/correctness/useExhaustiveDependencies: another state, a new epoch and the lines that came ask again
  useEffect(() => {
    if (!isBehind) return;
    const abort = new AbortController();
    source.trainingLog(id, lines.at(-1)?.update ?? -1, abort.signal).then(
      (more) => {
        setError(undefined);
        if (more.length > 0 && !abort.signal.aborted)
          setLines((before) => (before.length === lines.length ? [...before, ...more] : before));
      },
      (failure: Error) => {
        if (!abort.signal.aborted) setError(failure);
      }
    );
    return () => abort.abort();
  }, [source, id, isBehind, finished > 0, status, lines.length, epoch]);
  return {lines, error};
}

/** The probe's trajectories at every save; asked for again when `version` changes. */
export function useTrainingProbes(id: string, version: string): Remote<TrainingProbes> {
  const source = useSource();
  const epoch = useStore((state) => state.epoch);
  return useRemote((signal) => source.trainingProbes(id, signal), ["training probes", id], `${epoch} ${version}`);
}
