import {join} from "node:path";
import type {Logger} from "pino";
import type {CaptureEnd} from "../../capture/service/captureService.ts";
import {createCaptureQueue, type CaptureOrder} from "../captures/captureQueue.ts";
import {createQuota, type Limits, type Quota} from "../captures/quota.ts";
import {remoteCaptures} from "../captures/remoteCaptures.ts";
import {createCensusStore, type CensusStore} from "../census/censusStore.ts";
import {createEvalStore, type EvalStore} from "../eval/evalStore.ts";
import {createDigestDesk} from "../experiments/digestDesk.ts";
import {createExperimentStore, type ExperimentStore} from "../experiments/experimentStore.ts";
import {hashOfModel} from "../models/hashOfModel.ts";
import {createModelStore, type ModelStore} from "../models/modelStore.ts";
import type {Queue} from "../queue/queue.ts";
import {freeWorkers} from "../queue/shared/freeWorkers.ts";
import {workersAt} from "../queue/shared/workersAt.ts";
import {createRunStore} from "../runs/runStore.ts";
import {KEPT_DAYS} from "../files/trash.ts";
import {createUploads} from "../runs/uploads.ts";
import {createTrainingStore, type TrainingStore} from "../trainings/trainingStore.ts";
import {createAnalysisCache, type AnalysisCache} from "../work/analysisCache.ts";
import {createInspectionDesk} from "../work/inspectionDesk.ts";
import {createRunIndex} from "../work/runIndex.ts";
import {createRunLabels} from "../work/runLabels.ts";
import {openLines, restoreLines} from "./lines.ts";
import {startWorkers, type Workers} from "./workers.ts";

interface RoomsOptions {
  readonly folders: {
    readonly runs: string;
    readonly experiments: string;
    readonly evaluations: string;
    readonly censuses: string;
    readonly trainings: string;
    readonly models: readonly string[];
    readonly examples: string | undefined;
  };
  /** The address of the Redis or Valkey that work goes through; it is done here where it is left out. */
  readonly sharedQueue?: string;
  /** Where workers of that queue put runs, a folder or `s3://bucket/prefix`; runs are captured here where it is left out. */
  readonly results?: string;
  readonly limits: Limits;
  readonly log: Logger;
}

export type Rooms = ReturnType<typeof openRooms>;

/** What a server keeps and does, without the network: its stores, its queues, and the processes that work for them. */
export function openRooms({folders, sharedQueue, results, limits, log}: RoomsOptions) {
  const runs = createRunStore({runs: folders.runs, examples: folders.examples});
  const uploads = createUploads(join(folders.runs, ".uploads"));
  const workers = startWorkers({limits, log});
  const models = createModelStore([...folders.models, folders.trainings], {look: workers.preparation.summary});
  const warn = (line: string) => log.warn(line);
  const lines = openLines(folders.runs);
  const elsewhere =
    sharedQueue === undefined || results === undefined
      ? undefined
      : capturesElsewhere(lines.captures, {sharedQueue, results, models, warn});
  const queue = createCaptureQueue({
    queue: lines.captures,
    service: workers.service,
    ...elsewhere,
    async specOf({owner, order: {run, request}}) {
      return {...request, model: await models.find(request.model), dir: runs.folderOf(run), ...(owner !== null && {owner})};
    },
    log: warn
  });
  const analyses = analysesBy(workers, {models, limits});
  const modelOf = (name: string) => models.find(name);
  const experiments = createExperimentStore(folders.experiments, {
    queue: lines.experiments,
    sharedQueue,
    modelOf,
    log: (line) => log.info({from: "experiment"}, line)
  });
  const evaluations = createEvalStore(folders.evaluations, {
    queue: lines.evaluations,
    sharedQueue,
    modelOf,
    log: (line) => log.info({from: "evaluation"}, line)
  });
  const trainings = createTrainingStore(folders.trainings, {
    queue: lines.trainings,
    log: (line) => log.info({from: "training"}, line)
  });
  const censuses = createCensusStore(folders.censuses, {
    queue: lines.censuses,
    sharedQueue,
    results,
    modelOf,
    log: (line) => log.info({from: "census"}, line)
  });
  const labels = createRunLabels({runs, analyses});
  const index = createRunIndex({runs, labels});
  return {
    ...{runs, uploads, models, queue, analyses, experiments, evaluations, censuses, trainings, labels, index, workers},
    sharedQueue,
    desk: createDigestDesk(),
    quota: quotaOf(limits, {queue, experiments, evaluations, censuses, trainings, index, uploads}),
    async restore(): Promise<void> {
      await uploads.sweep();
      await restoreLines(lines, {runs, queue, experiments}, warn);
    },
    /** Deletes for good what was removed long ago at `now`. */
    async emptyTrash(now: Date): Promise<void> {
      await runs.emptyTrash(now, (line) => log.info(line));
      for (const jobs of [censuses, evaluations, experiments])
        for (const id of await jobs.emptyTrash(now)) log.info(`${id}: deleted for good, ${KEPT_DAYS} days after it was removed`);
    },
    /** Cancels what runs, and ends the processes. */
    async close(): Promise<void> {
      await Promise.all([workers, queue, experiments, evaluations, censuses, trainings].map((one) => one.close()));
      elsewhere?.room.close();
      await elsewhere?.service.close();
    }
  };
}

interface ElsewhereOptions {
  readonly sharedQueue: string;
  readonly results: string;
  readonly models: ModelStore;
  readonly warn: (line: string) => void;
}

/** Captures by the workers of a queue, as many at once as are free for them. */
function capturesElsewhere(queue: Queue<CaptureOrder, CaptureEnd>, {sharedQueue, results, models, warn}: ElsewhereOptions) {
  return {
    service: remoteCaptures({queue: sharedQueue, results, log: warn}),
    room: freeWorkers({
      queue,
      async laneOf({order: {request}}) {
        const {dtype, device} = request;
        return {hash: await hashOfModel(await models.find(request.model)), dtype, device, files: true};
      },
      workers: async () => (await workersAt(sharedQueue)).workers
    })
  };
}

/** Answers about runs: those that need the model from the inspection service, the others from the pool. */
function analysesBy({inspector, pool}: Workers, {models, limits}: {readonly models: ModelStore; readonly limits: Limits}): AnalysisCache {
  const desk = createInspectionDesk({service: inspector, models, most: limits.analyses});
  return createAnalysisCache(async (dir, question, {trace, others, onProgress, ...asker}) => {
    if (question.kind === "readout") return desk.lens(dir, trace, question.question, asker);
    if (question.kind === "spectrum")
      return new TextEncoder().encode(JSON.stringify(await desk.spectrum(dir, trace, question.question, asker)));
    return pool.run(dir, question, {others, onProgress, ...asker});
  });
}

interface QuotaParts {
  readonly queue: ReturnType<typeof createCaptureQueue>;
  readonly experiments: ExperimentStore;
  readonly evaluations: EvalStore;
  readonly censuses: CensusStore;
  readonly trainings: TrainingStore;
  readonly index: ReturnType<typeof createRunIndex>;
  readonly uploads: ReturnType<typeof createUploads>;
}

const quotaOf = (limits: Limits, {queue, experiments, evaluations, censuses, trainings, index, uploads}: QuotaParts): Quota =>
  createQuota({
    limits,
    underWay: {
      captures: () => queue.list().filter(({position}) => position !== null),
      experiments: () =>
        [...experiments.known(), ...evaluations.known(), ...censuses.known(), ...trainings.known()].filter(
          ({status}) => status === "queued" || status === "running"
        )
    },
    async usedBy(owner) {
      const parts = await Promise.all([
        index.bytesOf(owner),
        experiments.bytesOf(owner),
        evaluations.bytesOf(owner),
        censuses.bytesOf(owner),
        trainings.bytesOf(owner),
        uploads.bytesOf(owner)
      ]);
      return parts.reduce((sum, bytes) => sum + bytes, 0);
    }
  });
