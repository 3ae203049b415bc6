import {join} from "node:path";
import {errorLine} from "../../capture/errorLine.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {fetchFolder, makeFolder, removeAt, shownPlace} from "../files/places.ts";
import {partJob} from "../queue/shared/lanes.ts";
import {captureAnswerSchema, RUNS_PLACE} from "./captureParts.ts";

/** Where a worker puts the run of a part, for who asked to fetch it. */
export const runPlace = (results: string, job: string, index: number): string => join(results, RUNS_PLACE, partJob(job, index));

interface FetchRunOptions {
  /** What the worker said of the run. */
  readonly answer: unknown;
  /** Takes a line where the run's files cannot be removed from the shared place. */
  readonly log: (line: string) => void;
}

/** Puts the run that a worker sent to `place` into `dir`, which is not there yet; the step that it came to. Throws where it is another than was sent. */
export async function fetchRun(place: string, dir: string, {answer, log}: FetchRunOptions): Promise<number> {
  const {step, files} = captureAnswerSchema.parse(answer);
  await makeFolder(dir, (fresh) => fetchFolder(place, fresh, files)).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT"
      ? new Refusal(`missing run: ${shownPlace(place)} is not there; a worker put it into what it knows as --results`, {
          kind: "storage",
          cause: error
        })
      : error;
  });
  await removeAt(place).catch((error: unknown) => log(`${shownPlace(place)} is left: ${errorLine(error)}`));
  return step;
}
