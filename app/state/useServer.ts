import {useEffect} from "react";
import type {Job} from "../../api/contract/contract.ts";
import type {Source} from "../source/Source.ts";
import {ServerError} from "../source/transport.ts";
import {useSource} from "../source/sourceContext.ts";
import {useStore} from "./store.ts";

/** Follows all captures, experiments, evaluations, censuses and trainings, and whether the server is there; after an outage everything on the screen is asked for again. */
export function useServer(): void {
  const source = useSource();
  useEffect(
    () =>
      source.watch({
        job: (job) => useStore.setState(({jobs}) => ({jobs: withJob(jobs, job)})),
        experiment: (experiment) => useStore.setState(({experiments}) => ({experiments: {...experiments, [experiment.id]: experiment}})),
        evaluation: (evaluation) => useStore.setState(({evaluations}) => ({evaluations: {...evaluations, [evaluation.id]: evaluation}})),
        census: (census) => useStore.setState(({censuses}) => ({censuses: {...censuses, [census.id]: census}})),
        training: (training) => useStore.setState(({trainings}) => ({trainings: {...trainings, [training.id]: training}})),
        online: (online) => {
          const {online: before, epoch} = useStore.getState();
          useStore.setState({
            online,
            epoch: online && !before ? epoch + 1 : epoch,
            ...(online && {experiments: {}, evaluations: {}, censuses: {}, trainings: {}})
          }); // the stream begins with those it knows
          void (online ? Promise.all([loadServer(source), loadJobs(source)]) : loadServer(source));
        }
      }),
    [source]
  );
}

/** Who answers now: after an outage it may be another build, or ask for another token. */
async function loadServer(source: Source): Promise<void> {
  try {
    useStore.setState({server: await source.info(), signedOut: false});
  } catch (error) {
    useStore.setState({signedOut: error instanceof ServerError && error.status === 401});
  }
}

async function loadJobs(source: Source): Promise<void> {
  try {
    const listed = await source.jobs();
    useStore.setState(({jobs}) => ({jobs: listed.map((job) => newerOf(jobs, job))}));
  } catch {
    useStore.setState({online: false}); // went away again between the two; the event stream reconnects
  }
}

export const isOver = ({status}: Pick<Job, "status">): boolean => status === "complete" || status === "cancelled" || status === "failed";

/** The list with a job's newest state in its place, or at the end. */
export function withJob(jobs: readonly Job[], job: Job): readonly Job[] {
  const at = jobs.findIndex(({id}) => id === job.id);
  return at < 0 ? [...jobs, job] : jobs.with(at, newerOf(jobs, job));
}

/** A job as it was told, or as it is known: an answer may come after the event that it is over, and none comes after that one, unless the same was asked for again. */
function newerOf(known: readonly Job[], job: Job): Job {
  const before = known.find(({id}) => id === job.id);
  return before && isOver(before) && !isOver(job) && job.created <= before.created ? before : job;
}
