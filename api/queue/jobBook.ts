import {EventEmitter} from "node:events";

/** Jobs by id as they stand now, and those who watch them. */
export interface JobBook<J> {
  get(id: string): J | undefined;
  list(): J[];
  /** Writes a job down without telling anybody. */
  set(id: string, job: J): void;
  forget(id: string): void;
  /** Changes a job that is there, and tells. */
  change(id: string, changed: Partial<J>): void;
  /** Tells a job as it stands. */
  tell(id: string): void;
  /** Calls `listener` with a job whenever it changes; answers with the function that stops it. */
  watch(listener: (job: J) => void): () => void;
  /** Resolves when a change of the job is told after which it is so. */
  until(id: string, isSo: (job: J) => boolean): Promise<void>;
}

export function createJobBook<J extends {readonly id: string}>(): JobBook<J> {
  const jobs = new Map<string, J>();
  const changes = new EventEmitter<{job: [J]}>().setMaxListeners(0);
  const tell = (id: string): void => void changes.emit("job", jobs.get(id)!);
  const watch = (listener: (job: J) => void) => {
    changes.on("job", listener);
    return () => void changes.off("job", listener);
  };
  return {
    get: (id) => jobs.get(id),
    list: () => [...jobs.values()],
    set: (id, job) => void jobs.set(id, job),
    forget: (id) => void jobs.delete(id),
    change(id, changed) {
      jobs.set(id, {...jobs.get(id)!, ...changed});
      tell(id);
    },
    tell,
    watch,
    until: (id, isSo) =>
      new Promise((resolve) => {
        const stop = watch((job) => {
          if (job.id !== id || !isSo(job)) return;
          stop();
          resolve();
        });
      })
  };
}
