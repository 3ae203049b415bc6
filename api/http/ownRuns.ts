import {join} from "node:path";
import {ensureFolder} from "../../capture/trace/ensureFolder.ts";
import {errorLine} from "../../capture/errorLine.ts";
import {holderOf, takeLease, type Lease} from "../../capture/trace/lease.ts";
import {isDiskFault, Refusal} from "../../capture/trace/refusal.ts";

const SERVER_FILE = ".server.json"; // no run can be named so

/**
 * Makes this process the folder's only server: a second one would end the runs and delete the exports that this one has in hand. A folder that cannot be
 * written has none; that is told to `log`.
 */
export async function ownRuns(
  runs: string,
  {address, log}: {readonly address: string; readonly log: (line: string) => void}
): Promise<Pick<Lease, "release"> | undefined> {
  try {
    await ensureFolder(runs);
    const lease = await takeLease(join(runs, SERVER_FILE), `runs folder in use: ${runs}`, {address: reachedHere(address)});
    return {
      release: () =>
        lease.release().catch((error: unknown) => {
          if (!isDiskFault(error)) throw error;
          log(`${SERVER_FILE} stays in ${runs}: ${errorLine(error)}`);
        })
    };
  } catch (error) {
    if (error instanceof Refusal && error.kind === "conflict")
      throw new Refusal(`${error.message}; choose another with --runs`, {kind: error.kind});
    const takesNone = (error as NodeJS.ErrnoException).code === "ENOENT"; // though the folder is there, as in /proc
    if (!takesNone && !isDiskFault(error)) throw error;
    log(`nothing can be kept in ${runs}: ${takesNone ? "it takes no files (ENOENT)" : errorLine(error)}`);
    return undefined;
  }
}

/** What is listened on may stand for all of this machine's addresses. */
const reachedHere = (address: string): string => address.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");

/** Who serves a runs folder, and where it listens; undefined where nobody does. */
export const ownerOfRuns = (runs: string): ReturnType<typeof holderOf> => holderOf(join(runs, SERVER_FILE));
