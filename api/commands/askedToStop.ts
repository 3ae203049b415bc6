import {note} from "./print.ts";

/** Resolves at the first Ctrl-C or SIGTERM; the second ends the program at once. */
export function askedToStop(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.on(signal, () => {
        if (asked) process.exit(1);
        asked = true;
        note("stopping; what runs is kept as a partial run");
        resolve();
      });
    }
  });
}
