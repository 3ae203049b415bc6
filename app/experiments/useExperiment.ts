import {useEffect, useMemo, useState} from "react";
import type {Experiment, ExperimentOverview, ExperimentSpec, PromptRow} from "../../api/contract/contract.ts";
import {useRemote, type Remote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {useStore} from "../state/store.ts";
import {growthOf, useFollowed} from "../state/useFollowed.ts";

export interface ExperimentData {
  readonly experiment: Experiment;
  /** Null while it waits. */
  readonly spec: ExperimentSpec | null;
}

/** An experiment as it stands, followed by the server's events, and asked for again after an outage. */
export function useExperiment(id: string): Remote<ExperimentData> {
  const source = useSource();
  const told = useStore((state) => state.experiments[id]);
  const asked = useFollowed({
    kind: "experiment",
    id,
    told,
    ask: (signal) => source.experiment(id, signal),
    jobOf: ({experiment}) => experiment
  });
  return useMemo(
    () =>
      asked.status === "ready" ? {status: "ready", value: {experiment: told ?? asked.value.experiment, spec: asked.value.spec}} : asked,
    [asked, told]
  );
}

/** What the finished prompts say together; while they grow, seldom. */
export function useOverview({id, finished, status}: Experiment): Remote<ExperimentOverview | undefined> {
  const source = useSource();
  const epoch = useStore((state) => state.epoch);
  return useRemote(
    async (signal) => (finished === 0 ? undefined : source.experimentOverview(id, signal)),
    ["overview", id],
    `${epoch} ${status} ${growthOf(finished)}`
  );
}

/** The table's lines of the finished prompts, each asked for once; while they grow, seldom. */
export function usePromptRows({id, finished: count, status}: Experiment): {
  readonly rows: readonly PromptRow[];
  readonly error: Error | undefined;
} {
  const source = useSource();
  const epoch = useStore((state) => state.epoch);
  const [rows, setRows] = useState<readonly PromptRow[]>([]);
  const [error, setError] = useState<Error>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the count as it was when there was last that much more of it
  const finished = useMemo(() => count, [id, growthOf(count), status]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another experiment begins anew
  useEffect(() => setRows([]), [id]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new epoch asks again what failed
  useEffect(() => {
    if (rows.length >= finished) return;
    const abort = new AbortController();
    source.promptRows(id, rows.length, abort.signal).then(
      (more) => {
        setError(undefined);
        if (more.length > 0 && !abort.signal.aborted) setRows((before) => (before.length === rows.length ? [...before, ...more] : before));
      },
      (failure: Error) => {
        if (!abort.signal.aborted) setError(failure);
      }
    );
    return () => abort.abort();
  }, [source, id, finished, rows.length, epoch]);
  return {rows, error};
}
