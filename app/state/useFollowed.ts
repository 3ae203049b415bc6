import {useEffect, useMemo, useState} from "react";
import {useRemote, type Remote} from "../source/remote.ts";
import {isUnderWay, JOB_LISTS, type JobKind, type JobKinds} from "./jobs.ts";
import {useStore} from "./store.ts";
import {useClock} from "./useClock.ts";

const FOREIGN_MS = 2000; // one that another process runs tells nothing by itself

/** What the server's events last told of a job; undefined of one that it has not told of. */
export const useTold = <Kind extends JobKind>(kind: Kind, id: string): JobKinds[Kind] | undefined =>
  useStore((state) => state[JOB_LISTS[kind]][id] as JobKinds[Kind] | undefined);

/** A job's details, with the job as the events last told it: asked for again when its status changes, after an outage, and while another process runs it. */
export function useFollowed<Kind extends JobKind, Details extends {readonly [kind in Kind]: JobKinds[Kind]}>(
  kind: Kind,
  id: string,
  ask: (signal: AbortSignal) => Promise<Details>
): Remote<Details> {
  const told = useTold(kind, id);
  const epoch = useStore((state) => state.epoch);
  const [foreign, setForeign] = useState(false);
  const ticks = useClock(foreign, FOREIGN_MS);
  const asked = useRemote(ask, [kind, id], `${epoch} ${told?.status} ${ticks}`);
  const isForeign = asked.status === "ready" && !told && isUnderWay(asked.value[kind]);
  useEffect(() => setForeign(isForeign), [isForeign]);
  return useMemo(
    () => (asked.status === "ready" && told ? {status: "ready", value: {...asked.value, [kind]: told}} : asked),
    [asked, told, kind]
  );
}

const GROWTH = 1.05; // what stands for all of a job is asked for again when there is 5 % more of it

/** Changes seldom while a count grows; −1 for none. */
export const growthOf = (finished: number): number => (finished === 0 ? -1 : Math.floor(Math.log(finished) / Math.log(GROWTH)));
