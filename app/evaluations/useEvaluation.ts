import {useEffect, useMemo, useState} from "react";
import type {Evaluation, EvaluationSummary, EvalRow, EvalSpec} from "../../api/contract/contract.ts";
import {useRemote, type Remote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {useStore} from "../state/store.ts";
import {growthOf, useFollowed} from "../state/useFollowed.ts";

export interface EvaluationData {
  readonly evaluation: Evaluation;
  readonly spec: EvalSpec;
}

/** An evaluation as it stands, followed by the server's events, and asked for again after an outage. */
export function useEvaluation(id: string): Remote<EvaluationData> {
  const source = useSource();
  const told = useStore((state) => state.evaluations[id]);
  const asked = useFollowed({
    kind: "evaluation",
    id,
    told,
    ask: (signal) => source.evaluation(id, signal),
    jobOf: ({evaluation}) => evaluation
  });
  return useMemo(
    () => (asked.status === "ready" ? {status: "ready", value: {...asked.value, evaluation: told ?? asked.value.evaluation}} : asked),
    [asked, told]
  );
}

/** What the answered items come to; while they grow, seldom. */
export function useEvaluationSummary({id, finished, status}: Evaluation): Remote<EvaluationSummary | undefined> {
  const source = useSource();
  const epoch = useStore((state) => state.epoch);
  return useRemote(
    async (signal) => (finished === 0 ? undefined : source.evaluationSummary(id, signal)),
    ["evaluation summary", id],
    `${epoch} ${status} ${growthOf(finished)}`
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
