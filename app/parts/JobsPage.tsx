import {visible} from "../../capture/trace/visible.ts";
import {useMemo, useState, type ReactNode} from "react";
import {formatAge, formatSeconds} from "../plot/format.ts";
import {useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import type {Source} from "../source/Source.ts";
import {isUnderWay, JOB_LISTS, type JobKind, type JobKinds, type LongJob} from "../state/jobs.ts";
import {showDialog, useStore} from "../state/store.ts";
import {useReturns} from "../state/useReturns.ts";
import {Band} from "./Band.tsx";
import {Changes} from "./Changes.tsx";
import {DeleteButton} from "./DeleteButton.tsx";
import {Link} from "./Link.tsx";
import {TablePlace} from "./TablePlace.tsx";
import {TableHead} from "./TableHead.tsx";

/** The jobs of a kind, and the folders that hold no readable one. */
interface JobList<Job> {
  readonly jobs: readonly Job[];
  readonly broken: readonly {readonly id: string; readonly error: string}[];
}

interface Column<Job> {
  readonly name: string;
  readonly className?: "number" | "run-cell" | "row-actions";
  readonly cell: (job: Job) => ReactNode;
}

/** What is particular to the list of one kind of long jobs. */
export interface JobListing<Kind extends JobKind> {
  readonly kind: Kind;
  /** What its page is called, and what it is for, in a line. */
  readonly title: string;
  readonly note: string;
  /** What one is, where there is none yet. */
  readonly empty: ReactNode;
  /** Links beside the button that makes one. */
  readonly links?: ReactNode;
  /** Of how many it is done with `finished` of, and their column's name. */
  readonly whole: {readonly name: string; readonly of: (job: JobKinds[Kind]) => number};
  /** What it is made with, before its status; and further columns, after it. */
  readonly made: Column<JobKinds[Kind]>;
  readonly columns: readonly Column<JobKinds[Kind]>[];
  readonly list: (source: Source, signal: AbortSignal) => Promise<JobList<JobKinds[Kind]>>;
  /** What is shown of one that the events told of since; defaults to what they told. */
  readonly merged?: (listed: JobKinds[Kind], told: JobKinds[Kind]) => JobKinds[Kind];
  /** To the trash and back; absent where they are not deleted from the page. */
  readonly trash?: {
    readonly remove: (source: Source, id: string) => Promise<void>;
    readonly restore: (source: Source, id: string) => Promise<unknown>;
  };
}

/** The page of one kind of long jobs: what has been run, what runs, and the way to another. */
export function JobsPage<Kind extends JobKind>({listing}: {readonly listing: JobListing<Kind>}) {
  const {kind, title, note, empty, links} = listing;
  const {list, jobs, again} = useJobList(listing);
  const open = (): void => showDialog(kind);
  const name = JOB_LISTS[kind];
  return (
    <main className="page runs-page">
      <header className="page-head">
        <h1>{title}</h1>
        <span className="note">{note}</span>
        <span className="header-space" />
        {links}
        <Changes>
          <button type="button" onClick={open}>
            New {kind}
          </button>
        </Changes>
      </header>
      {list.status === "loading" && <p className="note">Loading the {name} …</p>}
      {list.status === "failed" && <Band tone="error" text={list.error.message} action={{label: "Try again", run: again}} />}
      {list.status === "ready" && jobs.length === 0 && (
        <section className="empty">
          <h2>No {name} yet</h2>
          <p>{empty}</p>
          <Changes>
            <button type="button" className="primary" onClick={open}>
              Start the first one
            </button>
          </Changes>
        </section>
      )}
      {jobs.length > 0 && <JobTable listing={listing} jobs={jobs} onChange={again} />}
      {list.status === "ready" &&
        list.value.broken.map(({id, error}) => <Band key={id} tone="warning" text={`${id} cannot be read: ${error}`} />)}
    </main>
  );
}

/** The list as the server gave it, with what its events told since; asked for again when they tell of another state. */
function useJobList<Kind extends JobKind>({kind, list: ask, merged}: JobListing<Kind>) {
  const source = useSource();
  const epoch = useStore((state) => state.epoch);
  const told = useStore((state) => state[JOB_LISTS[kind]]) as Readonly<Record<string, JobKinds[Kind]>>;
  const [asked, setAsked] = useState(0);
  const returns = useReturns();
  const states = Object.values<LongJob>(told).map(({id, status}) => `${id} ${status}`);
  const list = useRemote((signal) => ask(source, signal), [kind], `${epoch} ${asked} ${returns} ${states.join()}`);
  const jobs = useMemo(() => {
    if (list.status !== "ready") return [];
    return list.value.jobs.map((job) => {
      const news = told[job.id];
      return news ? (merged?.(job, news) ?? news) : job;
    });
  }, [list, told, merged]);
  return {list, jobs, again: () => setAsked((before) => before + 1)};
}

interface JobTableProps<Kind extends JobKind> {
  readonly listing: JobListing<Kind>;
  readonly jobs: readonly JobKinds[Kind][];
  readonly onChange: () => void;
}

function JobTable<Kind extends JobKind>({listing, jobs, onChange}: JobTableProps<Kind>) {
  const {kind, title, whole, made, columns, trash} = listing;
  const all: readonly Column<JobKinds[Kind]>[] = [
    {name: `${kind[0].toUpperCase()}${kind.slice(1)}`, className: "run-cell", cell: (job) => <Title kind={kind} job={job} />},
    made,
    {name: "Status", cell: (job) => <Status job={job} whole={whole.of(job)} />},
    {
      name: whole.name,
      className: "number",
      cell: (job) => (job.finished === whole.of(job) ? whole.of(job) : `${job.finished} of ${whole.of(job)}`)
    },
    ...columns,
    {name: "Begun", cell: ({created}) => <span title={created}>{formatAge(created, Date.now())}</span>},
    ...(trash
      ? [
          {
            name: "",
            className: "row-actions" as const,
            cell: (job: JobKinds[Kind]) => <Delete kind={kind} job={job} trash={trash} onChange={onChange} />
          }
        ]
      : [])
  ];
  return (
    <TablePlace label={title}>
      <table className="runs">
        <TableHead names={all.map(({name}) => name)} classOf={(_, i) => all[i].className} />
        <tbody>
          {jobs.map((job) => (
            <tr key={job.id}>
              {all.map(({name, className, cell}) => (
                <td key={name} className={className}>
                  {cell(job)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TablePlace>
  );
}

const Title = ({kind, job: {id, title, owner, error}}: {readonly kind: JobKind; readonly job: LongJob}) => (
  <>
    <div className="run-line">
      <Link view={{[kind]: id}} className="run-title">
        {visible(title)}
      </Link>
      {owner !== null && <span className="tag">{owner}</span>}
    </div>
    {error && <p className="problem">{error}</p>}
  </>
);

function Status({job, whole}: {readonly job: LongJob; readonly whole: number}) {
  const {title, status, finished, seconds_left} = job;
  return (
    <span className={status === "complete" || isUnderWay(job) ? undefined : "partial"}>
      {status}
      {seconds_left !== null && `, ${formatSeconds(seconds_left)} left`}{" "}
      {status === "running" && <progress value={finished} max={whole} aria-label={`Progress of ${title}`} />}
    </span>
  );
}

interface DeleteProps {
  readonly kind: JobKind;
  readonly job: LongJob;
  readonly trash: NonNullable<JobListing<JobKind>["trash"]>;
  readonly onChange: () => void;
}

/** Without what is still told of it: the list has it no more. */
function Delete({kind, job, trash, onChange}: DeleteProps) {
  const source = useSource();
  const {id, title, owner} = job;
  const remove = async (): Promise<void> => {
    await trash.remove(source, id);
    useStore.setState((state) => {
      const {[id]: _, ...rest} = state[JOB_LISTS[kind]] as Readonly<Record<string, LongJob>>;
      return {[JOB_LISTS[kind]]: rest};
    });
  };
  return (
    <Changes owner={owner}>
      <DeleteButton
        title={title}
        disabled={isUnderWay(job)}
        remove={remove}
        restore={() => trash.restore(source, id)}
        onChange={onChange}
      />
    </Changes>
  );
}
