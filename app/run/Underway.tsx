import {formatSeconds} from "../plot/format.ts";
import {readyValue, useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {useStore} from "../state/store.ts";
import {useClock} from "../state/useClock.ts";

const ASK_MS = 700; // how often it is asked how far it is; what takes no longer is not asked about

const SAID = {
  labelling: {what: "Weighing the labels", done: "Trajectories weighed"},
  measuring: {what: "Loading the run", done: "Trajectories measured"}
} as const;

/** How far the labels or the measures of a run are, and how long they will take. */
export function Underway({run, of: asked}: {run: string; of: keyof typeof SAID}) {
  const source = useSource();
  const site = useStore((state) => state.view.site);
  const ticks = useClock(true, ASK_MS);
  const progress = readyValue(
    useRemote(async (signal) => (ticks > 0 ? source[asked](run, site, signal) : undefined), [asked, run, site], ticks)
  );
  if (!progress || progress.of === 0) return <>{SAID[asked].what} …</>;
  const {done, of, seconds_left} = progress;
  return (
    <>
      {SAID[asked].what}: {done} of {of} trajectories{seconds_left !== null && `, ${formatSeconds(seconds_left)} left`}{" "}
      <progress value={done} max={of} aria-label={SAID[asked].done} />
    </>
  );
}
