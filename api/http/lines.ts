import {join} from "node:path";
import type {CaptureEnd} from "../../capture/service/captureService.ts";
import {captureOrderSchema, type CaptureOrder, type CaptureQueue} from "../captures/captureQueue.ts";
import {censusOrderSchema, type CensusOrder} from "../census/censusStore.ts";
import {evalOrderSchema, type EvalOrder} from "../eval/evalStore.ts";
import {experimentOrderSchema, type ExperimentOrder, type ExperimentStore} from "../experiments/experimentStore.ts";
import {createEmbeddedQueue, type EmbeddedQueue} from "../queue/embeddedQueue.ts";
import type {JobEnd} from "../queue/jobRunner.ts";
import type {Ticket} from "../queue/queue.ts";
import type {RunStore} from "../runs/runStore.ts";
import {trainingOrderSchema, type TrainingOrder} from "../trainings/trainingStore.ts";

/** Where orders wait, a line for each kind. */
interface Lines {
  readonly captures: EmbeddedQueue<CaptureOrder, CaptureEnd>;
  readonly experiments: EmbeddedQueue<ExperimentOrder, JobEnd>;
  readonly evaluations: EmbeddedQueue<EvalOrder, JobEnd>;
  readonly censuses: EmbeddedQueue<CensusOrder, JobEnd>;
  readonly trainings: EmbeddedQueue<TrainingOrder, JobEnd>;
}

/** The lines of a folder of runs. */
export const openLines = (runs: string): Lines => ({
  captures: createEmbeddedQueue(join(runs, ".queue", "captures"), captureOrderSchema),
  experiments: createEmbeddedQueue(join(runs, ".queue", "experiments"), experimentOrderSchema),
  evaluations: createEmbeddedQueue(join(runs, ".queue", "evaluations"), evalOrderSchema),
  censuses: createEmbeddedQueue(join(runs, ".queue", "censuses"), censusOrderSchema),
  trainings: createEmbeddedQueue(join(runs, ".queue", "trainings"), trainingOrderSchema)
});

interface LineReaders {
  readonly runs: RunStore;
  readonly queue: CaptureQueue;
  readonly experiments: ExperimentStore;
}

/** What a server before left: orders that wait are in line again, those that it had begun are told with how far they came. */
export async function restoreLines(lines: Lines, {runs, queue, experiments}: LineReaders, warn: (line: string) => void): Promise<void> {
  const isRun = async ({order: {run}}: Ticket<CaptureOrder>) =>
    runs.find(run).then(
      () => true,
      () => false
    );
  for (const ticket of await lines.captures.restore(isRun, warn)) {
    const {status, steps_written: step} = await runs.summary(await runs.find(ticket.order.run));
    const error = `the server ended; ${step < 0 ? "nothing was written" : `steps 0 to ${step} are kept`}`;
    queue.remember(ticket, status === "complete" ? {status, step, error: null} : {status: "failed", step, error});
  }
  await lines.experiments.restore(({id}) => experiments.isBegun(id), warn);
  await lines.evaluations.restore(async () => false, warn); // what ran goes on, too: what it answered stays
  await lines.censuses.restore(async () => false, warn);
  await lines.trainings.restore(async () => false, warn);
}
