import {useEffect, useMemo, useState} from "react";
import type {Experiment, ExperimentOverview, ExperimentSpec, PromptRow} from "../../api/contract/contract.ts";
import {useRemote, type Remote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {useStore} from "../state/store.ts";
import {useClock} from "../state/useClock.ts";

export interface ExperimentData {
  readonly experiment: Experiment;
  /** Null while it waits. */
  readonly spec: ExperimentSpec | null;
}

const FOREIGN_MS = 2000; // one that another process runs tells nothing by itself

export const isUnderWay = ({status}: Pick<Experiment, "status">): boolean => status === "queued" || status === "running";

/** An experiment as it stands, followed by the server's events, and asked for again after an outage. */
export function useExperiment(id: string): Remote<ExperimentData> {
  const source = useSource();
  const epoch = useStore((state) => state.epoch);
  const told = useStore((state) => state.experiments[id]);
  const [foreign, setForeign] = useState(false);
  const ticks = useClock(foreign, FOREIGN_MS);
  const asked = useRemote((signal) => source.experiment(id, signal), ["experiment", id], `${epoch} ${told?.status} ${ticks}`);
  const isForeign = asked.status === "ready" && !told && isUnderWay(asked.value.experiment);
  useEffect(() => setForeign(isForeign), [isForeign]);
  return useMemo(
    () =>
      asked.status === "ready" ? {status: "ready", value: {experiment: told ?? asked.value.experiment, spec: asked.value.spec}} : asked,
    [asked, told]
  );
}

const GROWTH = 1.05; // what stands for all prompts is asked for again when there are 5 % more of them

/** What the finished prompts say together; while they grow, seldom. */
export function useOverview({id, finished, status}: Experiment): Remote<ExperimentOverview | undefined> {
  const source = useSource();
  const epoch = useStore((state) => state.epoch);
  const grown = finished === 0 ? -1 : Math.floor(Math.log(finished) / Math.log(GROWTH));
  return useRemote(
    async (signal) => (finished === 0 ? undefined : source.experimentOverview(id, signal)),
    ["overview", id],
    `${epoch} ${status} ${grown}`
  );
}

/** The table's lines of all finished prompts, each asked for once. */
export function usePromptRows({id, finished}: Experiment): {readonly rows: readonly PromptRow[]; readonly error: Error | undefined} {
  const source = useSource();
  const epoch = useStore((state) => state.epoch);
  const [rows, setRows] = useState<readonly PromptRow[]>([]);
  const [error, setError] = useState<Error>();
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
