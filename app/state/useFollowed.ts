import {useEffect, useState} from "react";
import {useRemote, type Remote} from "../source/remote.ts";
import {useStore} from "./store.ts";
import {useClock} from "./useClock.ts";

/** A long job of the server, as its list and its events tell it. */
interface FollowedJob {
  readonly status: string;
}

const FOREIGN_MS = 2000; // one that another process runs tells nothing by itself

export const isUnderWay = ({status}: FollowedJob): boolean => status === "queued" || status === "running";

interface Followed<Answer> {
  /** What kind of job it is; with `id` it names the question. */
  readonly kind: string;
  readonly id: string;
  /** As the server's events last told it. */
  readonly told: FollowedJob | undefined;
  readonly ask: (signal: AbortSignal) => Promise<Answer>;
  readonly jobOf: (answer: Answer) => FollowedJob;
}

/** What is asked of a job, asked for again when its status changes, after an outage, and while another process runs it. */
export function useFollowed<Answer>({kind, id, told, ask, jobOf}: Followed<Answer>): Remote<Answer> {
  const epoch = useStore((state) => state.epoch);
  const [foreign, setForeign] = useState(false);
  const ticks = useClock(foreign, FOREIGN_MS);
  const asked = useRemote(ask, [kind, id], `${epoch} ${told?.status} ${ticks}`);
  const isForeign = asked.status === "ready" && !told && isUnderWay(jobOf(asked.value));
  useEffect(() => setForeign(isForeign), [isForeign]);
  return asked;
}

const GROWTH = 1.05; // what stands for all of a job is asked for again when there is 5 % more of it

/** Changes seldom while a count grows; −1 for none. */
export const growthOf = (finished: number): number => (finished === 0 ? -1 : Math.floor(Math.log(finished) / Math.log(GROWTH)));
