import {dirname} from "node:path";
import {createChildPool} from "../../capture/service/childPool.ts";
import {boundsOf} from "../../capture/service/sizeBounds.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import type {ToldReport} from "../contract/contract.ts";
import type {ImportedRuns} from "../exchange/importRun.ts";
import type {Belonging} from "../exchange/writeTrace.ts";
import {sweepPassing} from "../files/passing.ts";
import {createFairTurns, type Asker} from "../queue/fairTurns.ts";

/** What is to be imported: a file of an upload, or all of a folder's as one trace. */
export interface ImportOrder extends Belonging {
  /** The upload's folder. */
  readonly folder: string;
  /** The file in it; undefined for a trace folder's files. */
  readonly file?: string;
  /** The trace folder to make. */
  readonly out: string;
  readonly title?: string;
  readonly axes?: readonly string[];
  readonly array?: string;
  readonly ask?: boolean;
  readonly created: string;
}

/** The runs that were made, or what a report says: it holds no states. */
export interface Opened extends ImportedRuns {
  readonly report?: ToldReport;
}

/** Makes runs of files that strangers may have made, in processes that can be killed, within bounds that come from the files' own size. */
export interface Importer {
  /** Rejects with the import's own error, with the signal's reason, or as a ChildPool does; nothing of the run is left then. */
  run(order: ImportOrder, asker: Asker): Promise<Opened>;
  close(): Promise<void>;
}

export function createImporter(): Importer {
  const pool = createChildPool<ImportOrder, Opened>(new URL("importProcess.ts", import.meta.url), {name: "import process"});
  const turns = createFairTurns({atOnce: 1, what: "imports"});
  return {
    run: (order, asker) =>
      turns.take(asker, async () => {
        try {
          return await pool.run(order, {...(await boundsOf(order.folder)), signal: asker.signal});
        } catch (error) {
          await sweepPassing(dirname(order.out)); // what a process that was killed had made of it
          throw withoutFolder(error, order.folder);
        }
      }),
    close: () => pool.close()
  };
}

/** What is said of a file, without where it lies on the server. */
function withoutFolder(error: unknown, folder: string): unknown {
  if (!(error instanceof Refusal) || !error.message.includes(folder)) return error;
  return new Refusal(error.message.replaceAll(`${folder}/`, "").replaceAll(folder, "the files sent"), {kind: error.kind, cause: error});
}
