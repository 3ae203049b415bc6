import {useEffect, useState, type DependencyList} from "react";

/** Data from the server, as far as it has come. */
export type Remote<T> = {status: "loading"} | {status: "ready"; value: T} | {status: "failed"; error: Error};

/**
 * Asks once per change of `question`; an answer to an old question is dropped. While `version` alone changes the last
 * answer stays on the screen until the next one is there, so that a growing run does not flicker.
 */
export function useRemote<T>(ask: (signal: AbortSignal) => Promise<T>, question: DependencyList, version = 0): Remote<T> {
  const [answer, setAnswer] = useState<{readonly key: string; readonly remote: Remote<T>}>({key: "", remote: {status: "loading"}});
  const key = JSON.stringify(question);
  useEffect(() => {
    const controller = new AbortController();
    ask(controller.signal).then(
      (value) => {
        if (!controller.signal.aborted) setAnswer({key, remote: {status: "ready", value}});
      },
      (error: unknown) => {
        if (controller.signal.aborted) return;
        const remote: Remote<T> = {status: "failed", error: error instanceof Error ? error : new Error(String(error))};
        // a refresh that fails leaves what is there; only a first answer can fail
        setAnswer((before) => (before.key === key && before.remote.status === "ready" ? before : {key, remote}));
      }
    );
    return () => controller.abort();
    // `ask` is made anew at every render; the question says when its answer would differ
  }, [key, version]);
  return answer.key === key ? answer.remote : {status: "loading"};
}

/** The value if it is there. */
export const valueOf = <T>(remote: Remote<T>): T | undefined => (remote.status === "ready" ? remote.value : undefined);
