import {useEffect, useRef, useState} from "react";
import {readyValue, useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {ServerError} from "../source/transport.ts";
import {useStore} from "../state/store.ts";
import {useReturns} from "../state/useReturns.ts";

/**
 * Whether a run that was loaded is not there any more, as far as was known when the reader last came to the window; and how often it was gone and came back: what was asked for
 * meanwhile has failed.
 */
export function useGone(run: string): {readonly gone: boolean; readonly restored: number} {
  const source = useSource();
  const epoch = useStore((state) => state.epoch);
  const asked = useRemote(
    (signal) =>
      source.run(run, signal).then(
        () => false,
        (error: unknown) => error instanceof ServerError && error.status === 404
      ),
    ["gone", run],
    `${epoch} ${useReturns()}`
  );
  const gone = readyValue(asked) ?? false;
  const wasGone = useRef(gone);
  const [restored, setRestored] = useState(0);
  useEffect(() => {
    if (wasGone.current && !gone) setRestored((count) => count + 1);
    wasGone.current = gone;
  }, [gone]);
  return {gone, restored};
}
