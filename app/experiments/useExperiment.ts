import {useMemo} from "react";
import type {Experiment, ExperimentDetails, ExperimentOverview, PromptRow} from "../../api/contract/contract.ts";
import {useRemote, type Remote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {useStore} from "../state/store.ts";
import {growthOf, useFollowed} from "../state/useFollowed.ts";
import {useGrowingList} from "../state/useGrowingList.ts";

/** An experiment as it stands, followed by the server's events, and asked for again after an outage. */
export function useExperiment(id: string): Remote<ExperimentDetails> {
  const source = useSource();
  return useFollowed("experiment", id, (signal) => source.experiment(id, signal));
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
  readonly lines: readonly PromptRow[];
  readonly error: Error | undefined;
} {
  const source = useSource();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the count as it was when there was last that much more of it
  const finished = useMemo(() => count, [id, growthOf(count), status]);
  return useGrowingList({
    key: id,
    isBehind: ({length}) => length < finished,
    ask: ({length}, signal) => source.promptRows(id, length, signal),
    version: finished
  });
}
