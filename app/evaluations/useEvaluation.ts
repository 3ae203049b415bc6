import {useEffect, useMemo, useState} from "react";
import type {Evaluation, EvaluationSummary, EvalRow, EvalSpec} from "../../api/contract/contract.ts";
import {useRemote, type Remote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {useStore} from "../state/store.ts";
import {useClock} from "../state/useClock.ts";

export interface EvaluationData {
  readonly evaluation: Evaluation;
  readonly spec: EvalSpec;
}

const FOREIGN_MS = 2000; // one that another process runs tells nothing by itself

export const isUnderWay = ({status}: Pick<Evaluation, "status">): boolean => status === "queued" || status === "running";

/** An evaluation as it stands, followed by the server's events, and asked for again after an outage. */
export function useEvaluation(id: string): Remote<EvaluationData> {
  const source = useSource();
  const epoch = useStore((state) => state.epoch);
  const told = useStore((state) => state.evaluations[id]);
  const [foreign, setForeign] = useState(false);
  const ticks = useClock(foreign, FOREIGN_MS);
  const asked = useRemote((signal) => source.evaluation(id, signal), ["evaluation", id], `${epoch} ${told?.status} ${ticks}`);
  const isForeign = asked.status === "ready" && !told && isUnderWay(asked.value.evaluation);
  useEffect(() => setForeign(isForeign), [isForeign]);
  return useMemo(
    () => (asked.status === "ready" ? {status: "ready", value: {...asked.value, evaluation: told ?? asked.value.evaluation}} : asked),
    [asked, told]
  );
}

const GROWTH = 1.05; // what stands for all items is asked for again when there are 5 % more of them

/** What the answered items come to; while they grow, seldom. */
export function useEvaluationSummary({id, finished, status}: Evaluation): Remote<EvaluationSummary | undefined> {
  const source = useSource();
  const epoch = useStore((state) => state.epoch);
  const grown = finished === 0 ? -1 : Math.floor(Math.log(finished) / Math.log(GROWTH));
  return useRemote(
    async (signal) => (finished === 0 ? undefined : source.evaluationSummary(id, signal)),
    ["evaluation summary", id],
    `${epoch} ${status} ${grown}`
  );
}

/** The answered items, each asked for once; all of them again where some were mended meanwhile. */
export function useEvaluationRows(
  id: string,
  {finished, damaged}: {readonly finished: number; readonly damaged: number}
): {readonly rows: readonly EvalRow[]; readonly error: Error | undefined} {
  const source = useSource();
  const epoch = useStore((state) => state.epoch);
  const [rows, setRows] = useState<readonly EvalRow[]>([]);
  const [error, setError] = useState<Error>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another evaluation, or a mended one, begins anew
  useEffect(() => setRows([]), [id, damaged]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new epoch asks again what failed
  useEffect(() => {
    if (rows.length >= finished) return;
    const abort = new AbortController();
    source.evaluationItems(id, rows.length, abort.signal).then(
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
