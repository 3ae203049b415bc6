import {note} from "./print.ts";

/** What asks a program to end: Ctrl-C, and what systemd, Slurm, Docker and `kill` send. */
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Calls `stop` at the first of them, in place of whatever was to be done until now; the second ends the program at once. */
export function onStop(stop: () => void): void {
  let asked = false;
  const hear = (): void => {
    if (asked) process.exit(1);
    asked = true;
    stop();
  };
  for (const signal of SIGNALS) process.removeAllListeners(signal).on(signal, hear);
}

/** Aborts when the program is asked to stop, so that what runs comes to a good end. */
export function stopSignal(): AbortSignal {
  const abort = new AbortController();
  onStop(() => abort.abort(new Error("cancelled")));
  return abort.signal;
}

/** Resolves when a server is asked to stop; heard from the call on. */
export const askedToStop = (): Promise<void> =>
  new Promise((resolve) =>
    onStop(() => {
      note("stopping; what runs is kept as a partial run");
      resolve();
    })
  );
