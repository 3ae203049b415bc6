import type {Evaluation, EvaluationDetails, EvaluationSummary, EvalRow} from "../../api/contract/contract.ts";
import {useRemote, type Remote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {useStore} from "../state/store.ts";
import {growthOf, useFollowed} from "../state/useFollowed.ts";
import {useGrowingList} from "../state/useGrowingList.ts";

/** An evaluation as it stands, followed by the server's events, and asked for again after an outage. */
export function useEvaluation(id: string): Remote<EvaluationDetails> {
  const source = useSource();
  return useFollowed("evaluation", id, (signal) => source.evaluation(id, signal));
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
): {readonly lines: readonly EvalRow[]; readonly error: Error | undefined} {
  const source = useSource();
  return useGrowingList({
    key: `${id} ${damaged}`,
    isBehind: ({length}) => length < finished,
    ask: ({length}, signal) => source.evaluationItems(id, length, signal),
    version: finished
  });
}
