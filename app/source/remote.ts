import {useEffect, useRef, useState, type DependencyList} from "react";

/** Data from the server, as far as it has come; what failed can be asked for again. */
export type Remote<T> = {status: "loading"} | {status: "ready"; value: T} | {status: "failed"; error: Error; again: () => void};

/**
 * Asks once per change of `question`; an answer to an old question is dropped. When `version` alone changes it asks again,
 * one request at a time, and the last answer stays on the screen until the next is there: a growing run does not flicker. A first
 * answer may come in parts: each is shown until the whole is there.
 */
export function useRemote<T>(
  ask: (signal: AbortSignal, part: (value: T) => void) => Promise<T>,
  question: DependencyList,
  version: number | string = 0
): Remote<T> {
  const key = JSON.stringify(question);
  const [answer, setAnswer] = useState<{readonly key: string; readonly remote: Remote<T>}>({key: "", remote: {status: "loading"}});
  const newestAsk = useRef(ask);
  const refresh = useRef<() => void>(() => {});
  const asked = useRef(version);
  newestAsk.current = ask;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version alone asks again below, and keeps the answer
  useEffect(() => {
    const controller = new AbortController();
    let busy = false;
    let isStale = false;
    let whole = false;
    const answered = (remote: Remote<T>, isPart = false): void => {
      if (controller.signal.aborted || (isPart && whole)) return;
      whole ||= !isPart && remote.status === "ready";
      // a refresh that fails leaves what is there; only a first answer can fail
      setAnswer((before) =>
        remote.status === "failed" && whole && before.key === key && before.remote.status === "ready" ? before : {key, remote}
      );
    };
    refresh.current = () => {
      isStale = busy;
      if (busy) return;
      busy = true;
      newestAsk
        .current(controller.signal, (value) => answered({status: "ready", value}, true))
        .then(
          (value) => answered({status: "ready", value}),
          (error: unknown) => answered({status: "failed", error: errorOf(error), again})
        )
        .finally(() => {
          busy = false;
          if (isStale && !controller.signal.aborted) refresh.current();
        });
    };
    const again = (): void => {
      if (controller.signal.aborted) return;
      setAnswer({key, remote: {status: "loading"}});
      refresh.current();
    };
    asked.current = version;
    refresh.current();
    return () => controller.abort();
  }, [key]);

  useEffect(() => {
    if (asked.current === version) return;
    asked.current = version;
    refresh.current();
  }, [version]);

  return answer.key === key ? answer.remote : {status: "loading"};
}

/** The value if it is there. */
export const readyValue = <T>(remote: Remote<T>): T | undefined => (remote.status === "ready" ? remote.value : undefined);

const errorOf = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
