import {useEffect, useRef, useState} from "react";
import type {Job} from "../../api/contract/contract.ts";
import {useStore} from "../state/store.ts";
import {isOver} from "../state/useServer.ts";

const REFRESH_MS = 500; // a growing run is drawn again at most twice a second,
const LEFT = 2; // and only after the page has been free for so many times as long as it was busy: drawing a long run takes what its reader needs to click
const BEAT_MS = 50;

/** The capture that writes or wrote a run, if this server knows it. */
export const useJobOf = (run: string | undefined): Job | undefined => useStore(({jobs}) => jobs.findLast((job) => job.run === run));

/**
 * A text that changes when a run may have grown: with its capture's progress and with every reconnection, at most twice a second, and less often where
 * drawing keeps the page busy, as the lateness of a beat tells.
 */
export function useRunVersion(run: string): string {
  const job = useJobOf(run);
  const epoch = useStore((state) => state.epoch);
  const newest = `${epoch}:${job ? `${job.status}:${job.step}` : ""}`;
  const told = useRef(newest);
  told.current = newest;
  const [version, setVersion] = useState(newest);
  const changed = useRef(0);
  const beats = newest !== version || (job !== undefined && !isOver(job));
  useEffect(() => {
    if (!beats) return;
    let before = performance.now();
    let [free, busy] = [before - changed.current, 0];
    const timer = setInterval(() => {
      const now = performance.now();
      free += Math.min(BEAT_MS, now - before);
      busy += Math.max(0, now - before - BEAT_MS);
      before = now;
      if (free < Math.max(REFRESH_MS, LEFT * busy)) return;
      [free, busy] = [0, 0];
      changed.current = now;
      setVersion(told.current);
    }, BEAT_MS);
    return () => clearInterval(timer);
  }, [beats]);
  return version;
}
