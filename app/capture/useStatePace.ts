import {readyValue, useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {stateMilliseconds} from "./captureCost.ts";

/** Milliseconds that a state of a model took in its newest run here; undefined where there is none, or it is not known yet. */
export function useStatePace(model: string | undefined): number | undefined {
  const source = useSource();
  return readyValue(
    useRemote(
      async (signal) => {
        const {runs} = await source.runs(signal);
        const last = runs.find((run) => run.model === model && !run.live && run.steps_written > 0);
        return last && stateMilliseconds(await source.run(last.id, signal));
      },
      [model]
    )
  );
}
