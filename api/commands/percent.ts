import {createProgress} from "./progress.ts";

/** Work of which only shares are known, and how far it is on stderr. */
export async function percent<T>(what: string, work: (progress: (share: number) => void) => Promise<T>): Promise<T> {
  const begun = performance.now();
  const bar = createProgress(what, 100, {unit: "percent"});
  try {
    return await work((share) => {
      const seconds = (performance.now() - begun) / 1000;
      bar.tell(Math.round(100 * share), share > 0 && seconds > LEAST_SECONDS ? (seconds / share) * (1 - share) : null);
    });
  } finally {
    bar.end();
  }
}

const LEAST_SECONDS = 5; // of which the rest can be told
