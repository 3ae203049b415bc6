import {useEffect, useState} from "react";
import {useStore} from "./store.ts";

interface Growing<Line> {
  /** Whose lines: another begins anew. */
  readonly key: string;
  /** Whether the server has more than these. */
  readonly isBehind: (lines: readonly Line[]) => boolean;
  /** Asks for what follows these lines, as many as the server gives at a time. */
  readonly ask: (lines: readonly Line[], signal: AbortSignal) => Promise<readonly Line[]>;
  /** Asks again where it changes, and is behind. */
  readonly version: string | number;
}

/** The lines of a job so far, each asked for once; what failed is asked for again after an outage. */
export function useGrowingList<Line>({key, isBehind, ask, version}: Growing<Line>): {
  readonly lines: readonly Line[];
  readonly error: Error | undefined;
} {
  const epoch = useStore((state) => state.epoch);
  const [lines, setLines] = useState<readonly Line[]>([]);
  const [error, setError] = useState<Error>();
  const wanted = isBehind(lines); // one question at a time, however much grows meanwhile
  // biome-ignore lint/correctness/useExhaustiveDependencies: another job begins anew
  useEffect(() => setLines([]), [key]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another state, a new epoch and the lines that came ask again
  useEffect(() => {
    if (!wanted) return;
    const abort = new AbortController();
    ask(lines, abort.signal).then(
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
  }, [key, wanted, version, lines.length, epoch]);
  return {lines, error};
}
