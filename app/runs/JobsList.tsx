import type {Job} from "../../api/contract/contract.ts";
import {formatSeconds} from "../plot/format.ts";
import {useSource} from "../source/sourceContext.ts";
import {notify, showDialog, useStore} from "../state/store.ts";
import {setDraft} from "../capture/captureDraft.ts";
import {isOver} from "../state/useServer.ts";
import {Changes} from "../parts/Changes.tsx";
import {Icon} from "../parts/Icon.tsx";
import {Link} from "../parts/Link.tsx";

/** Captures that run or wait, in their order, and those that failed since the server started. */
export function JobsList() {
  const jobs = useStore((state) => state.jobs);
  const waiting = jobs.filter((job) => !isOver(job)).sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
  const failed = jobs.filter(({status}) => status === "failed").slice(-3);
  if (waiting.length + failed.length === 0) return null;
  return (
    <section className="jobs" aria-label="Captures">
      <h2>Captures</h2>
      <ol>
        {waiting.map((job) => (
          <WaitingJob key={job.id} job={job} last={waiting.length - 1} />
        ))}
        {failed.map((job) => (
          <FailedJob key={job.id} job={job} />
        ))}
      </ol>
    </section>
  );
}

function WaitingJob({job, last}: {job: Job; last: number}) {
  const source = useSource();
  const fail = (error: Error): void => notify(error.message);
  const position = job.position ?? 0;
  const running = position === 0;
  const text = !running
    ? `waits, ${position} in the queue`
    : job.status === "loading"
      ? "loading the model"
      : `step ${Math.max(0, job.step)} of ${job.steps}${job.seconds_left === null ? "" : `, ${formatSeconds(job.seconds_left)} left`}`;
  return (
    <li className="job">
      <Link view={{run: job.run}}>{job.title}</Link>
      {job.owner !== null && <span className="tag">{job.owner}</span>}
      <span className="note">{text}</span>
      {running && <progress value={Math.max(0, job.step)} max={job.steps} aria-label={`Progress of ${job.title}`} />}
      <span className="header-space" />
      <Changes owner={job.owner}>
        {position > 1 && (
          <button
            type="button"
            className="quiet icon"
            onClick={() => void source.move(job.id, position - 1).catch(fail)}
            aria-label={`Move ${job.title} up`}
          >
            <Icon name="up" />
          </button>
        )}
        {!running && position < last && (
          <button
            type="button"
            className="quiet icon"
            onClick={() => void source.move(job.id, position + 1).catch(fail)}
            aria-label={`Move ${job.title} down`}
          >
            <Icon name="down" />
          </button>
        )}
        <button type="button" className="quiet" onClick={() => void source.cancel(job.id).catch(fail)} aria-label={`Cancel ${job.title}`}>
          Cancel
        </button>
      </Changes>
    </li>
  );
}

function FailedJob({job}: {job: Job}) {
  return (
    <li className="job failed">
      <span>{job.title}</span>
      <span>failed: {job.error ?? "no reason was given"}</span>
      <span className="header-space" />
      <Changes>
        <button
          type="button"
          className="quiet"
          onClick={() => {
            setDraft(job.request);
            showDialog("capture");
          }}
        >
          Change and capture again
        </button>
      </Changes>
    </li>
  );
}
