import {createServer as createHttpServer, type Server} from "node:http";
import type {AddressInfo} from "node:net";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import express from "express";
import type {Logger} from "pino";
import {startCaptureService, type CaptureEnd} from "../../capture/service/captureService.ts";
import type {Lease} from "../../capture/trace/lease.ts";
import {createAnalysisCache} from "../work/analysisCache.ts";
import {captureOrderSchema, createCaptureQueue, type CaptureOrder} from "../captures/captureQueue.ts";
import {createCensusStore} from "../census/censusStore.ts";
import {createEmbeddedQueue} from "../queue/embeddedQueue.ts";
import type {JobEnd} from "../queue/jobRunner.ts";
import type {Ticket} from "../queue/queue.ts";
import {goneRun} from "./goneRun.ts";
import {createPreparation} from "../work/preparation.ts";
import {createComputePool} from "../work/computePool.ts";
import {createImporter} from "../work/importer.ts";
import {createEvalStore, evalOrderSchema, type EvalOrder} from "../eval/evalStore.ts";
import {createGenerator} from "../generate/generator.ts";
import {createExperimentStore, experimentOrderSchema, type ExperimentOrder} from "../experiments/experimentStore.ts";
import {guard, requireJson, safeHeaders} from "./guard.ts";
import {withoutBase} from "./access/base.ts";
import {knownHosts} from "./access/hosts.ts";
import {cookieName, refuseGuests, signIn} from "./access/signIn.ts";
import type {TokenBook} from "./access/tokens.ts";
import {jsonBody} from "./jsonBody.ts";
import {ownRuns} from "./ownRuns.ts";
import {pageScript, servePage} from "./page.ts";
import {dropSlow, limitPatience} from "./patience.ts";
import {requestLog} from "./requestLog.ts";
import {unknownOperation} from "./unknownOperation.ts";
import {createInspectionDesk} from "../work/inspectionDesk.ts";
import {createModelStore} from "../models/modelStore.ts";
import {captureRoutes} from "./routes/captureRoutes.ts";
import {censusRoutes} from "./routes/censusRoutes.ts";
import {eventRoutes} from "./routes/eventRoutes.ts";
import {evalRoutes} from "./routes/evalRoutes.ts";
import {trainingRoutes} from "./routes/trainingRoutes.ts";
import {createTrainingStore, trainingOrderSchema, type TrainingOrder} from "../trainings/trainingStore.ts";
import {experimentRoutes} from "./routes/experimentRoutes.ts";
import {exportRoutes} from "./routes/exportRoutes.ts";
import {generateRoutes} from "./routes/generateRoutes.ts";
import {answerError} from "./answerError.ts";
import {healthRoutes} from "./routes/healthRoutes.ts";
import {importRoutes, uploadRoutes} from "./routes/importRoutes.ts";
import {createUploads} from "../runs/uploads.ts";
import {infoRoutes} from "./routes/infoRoutes.ts";
import {methodRoutes} from "./routes/methodRoutes.ts";
import {modelRoutes} from "./routes/modelRoutes.ts";
import {reportRoutes} from "./routes/reportRoutes.ts";
import {resultRoutes} from "./routes/resultRoutes.ts";
import {createDigestDesk} from "../experiments/digestDesk.ts";
import {labelRoutes} from "./routes/labelRoutes.ts";
import {numberRoutes} from "./routes/numberRoutes.ts";
import {runRoutes} from "./routes/runRoutes.ts";
import {createRunIndex} from "../work/runIndex.ts";
import {createRunLabels} from "../work/runLabels.ts";
import {createQuota, NO_LIMITS, type Limits} from "../captures/quota.ts";
import {createRunStore} from "../runs/runStore.ts";

export interface ServerOptions {
  /** Folder of the runs; made when the first capture starts. */
  readonly runs: string;
  /** Folder of the experiments; defaults to `experiments` beside that of the runs. */
  readonly experiments?: string;
  /** Folder of the evaluations; defaults to `evaluations` beside that of the runs. */
  readonly evaluations?: string;
  /** Folder of the censuses; defaults to `censuses` beside that of the runs. */
  readonly censuses?: string;
  /** Folder of the training runs; defaults to `trainings` beside that of the runs. */
  readonly trainings?: string;
  /** Folders of checkpoint folders; the first one of a name counts. */
  readonly models: readonly string[];
  /** Folder of runs to show read-only. */
  readonly examples?: string;
  /** Folder of the built page; defaults to the one that `npm run build` makes. */
  readonly page?: string;
  /** The address that it will listen on; what is not this machine's alone is known by further names. Defaults to 127.0.0.1. */
  readonly address?: string;
  /** Further names that a request's Host may have: `NAME`, `NAME:PORT`, or `.NAME` with all below it. */
  readonly hosts?: readonly string[];
  /** The path that a proxy keeps the page below; defaults to what a proxy tells. */
  readonly base?: string;
  /** Who is let in; everybody, where it is left out. */
  readonly tokens?: TokenBook;
  /** What each person whose token has a name may take; defaults to all there is. */
  readonly limits?: Limits;
  readonly log: Logger;
  readonly now?: () => Date;
}

/** A server that is built and not yet heard. */
export interface OrreryServer {
  /** Listens, ends the runs that a killed server left, empties the trash of old ones, and answers with the address. Throws where the port is taken. */
  listen(address: {readonly port: number; readonly host?: string}): Promise<string>;
  /** Looks at the runs, and starts the capture service and the analysis processes, before the first question comes. */
  warm(): void;
  /** The capture service's process that is there now. */
  readonly servicePid: number | undefined;
  /** Cancels what runs, keeps it as partial runs, and stops listening. */
  close(): Promise<void>;
}

const builtPage = fileURLToPath(new URL("../../app/dist/", import.meta.url));

export function createServer({
  runs: runsFolder,
  experiments: experimentsFolder = join(dirname(runsFolder), "experiments"),
  evaluations: evaluationsFolder = join(dirname(runsFolder), "evaluations"),
  censuses: censusesFolder = join(dirname(runsFolder), "censuses"),
  trainings: trainingsFolder = join(dirname(runsFolder), "trainings"),
  models: modelFolders,
  examples,
  page = builtPage,
  address = "127.0.0.1",
  hosts = [],
  base,
  tokens,
  limits = NO_LIMITS,
  log,
  now = () => new Date()
}: ServerOptions): OrreryServer {
  const runs = createRunStore({runs: runsFolder, examples});
  const uploads = createUploads(join(runsFolder, ".uploads"));
  const preparation = createPreparation();
  const models = createModelStore(modelFolders, {look: preparation.summary});
  const service = startCaptureService({log: (line) => log.info({from: "capture service"}, line)});
  const warn = (line: string) => log.warn(line);
  const captureLine = createEmbeddedQueue<CaptureOrder, CaptureEnd>(join(runsFolder, ".queue", "captures"), captureOrderSchema);
  const experimentLine = createEmbeddedQueue<ExperimentOrder, JobEnd>(join(runsFolder, ".queue", "experiments"), experimentOrderSchema);
  const queue = createCaptureQueue({
    queue: captureLine,
    service,
    async specOf({owner, order: {run, request}}) {
      return {...request, model: await models.find(request.model), dir: runs.folderOf(run), ...(owner !== null && {owner})};
    },
    log: warn
  });
  const inspector = startCaptureService({log: (line) => log.info({from: "inspection service"}, line)}); // its own, so that a look does not wait for a capture
  const desk = createInspectionDesk({service: inspector, models, most: limits.analyses});
  const pool = createComputePool({most: limits.analyses});
  const importer = createImporter();
  const generator = createGenerator({log: (line) => log.info({from: "generation process"}, line)});
  const analyses = createAnalysisCache(async (dir, question, {trace, others, ...asker}) => {
    if (question.kind === "readout") return desk.lens(dir, trace, question.question, asker);
    if (question.kind === "spectrum")
      return new TextEncoder().encode(JSON.stringify(await desk.spectrum(dir, trace, question.question, asker)));
    return pool.run(dir, question, {others, ...asker});
  });
  const experiments = createExperimentStore(experimentsFolder, {
    queue: experimentLine,
    modelOf: (name) => models.find(name),
    log: (line) => log.info({from: "experiment"}, line)
  });
  const evalLine = createEmbeddedQueue<EvalOrder, JobEnd>(join(runsFolder, ".queue", "evaluations"), evalOrderSchema);
  const evaluations = createEvalStore(evaluationsFolder, {
    queue: evalLine,
    modelOf: (name) => models.find(name),
    log: (line) => log.info({from: "evaluation"}, line)
  });
  const trainingLine = createEmbeddedQueue<TrainingOrder, JobEnd>(join(runsFolder, ".queue", "trainings"), trainingOrderSchema);
  const trainings = createTrainingStore(trainingsFolder, {
    queue: trainingLine,
    log: (line) => log.info({from: "training"}, line)
  });

  /** What a server before left: orders that wait are in line again, those that it had begun are told with how far they came. */
  async function restoreLines(): Promise<void> {
    const isRun = async ({order: {run}}: Ticket<CaptureOrder>) =>
      runs.find(run).then(
        () => true,
        () => false
      );
    for (const ticket of await captureLine.restore(isRun, warn)) {
      const {status, steps_written: step} = await runs.summary(await runs.find(ticket.order.run));
      const error = `the server ended; ${step < 0 ? "nothing was written" : `steps 0 to ${step} are kept`}`;
      queue.remember(ticket, status === "complete" ? {status, step, error: null} : {status: "failed", step, error});
    }
    await experimentLine.restore(({id}) => experiments.isBegun(id), warn);
    await evalLine.restore(async () => false, warn); // what ran goes on, too: what it answered stays
    await trainingLine.restore(async () => false, warn);
  }

  let lease: Lease | undefined;
  const labels = createRunLabels({runs, analyses});
  const index = createRunIndex({runs, labels});
  const quota = createQuota({
    limits,
    underWay: {
      captures: () => queue.list().filter(({position}) => position !== null),
      experiments: () =>
        [...experiments.known(), ...evaluations.known(), ...trainings.known()].filter(
          ({status}) => status === "queued" || status === "running"
        )
    },
    async usedBy(owner) {
      const parts = await Promise.all([
        index.bytesOf(owner),
        experiments.bytesOf(owner),
        evaluations.bytesOf(owner),
        trainings.bytesOf(owner),
        uploads.bytesOf(owner)
      ]);
      return parts.reduce((sum, bytes) => sum + bytes, 0);
    }
  });

  const digests = createDigestDesk();
  const app = express().disable("x-powered-by").enable("case sensitive routing");
  let stopping = false;
  app.use(requestLog(log), dropSlow(), safeHeaders(), withoutBase(base), guard(knownHosts({address, allowed: hosts})));
  app.use("/api", noStore, healthRoutes({runs: runsFolder, isStopping: () => stopping}));
  if (tokens) app.use(signIn(tokens, cookieName(runsFolder)));
  app.use("/api", refuseGuests, uploadRoutes({uploads, quota, now}), requireJson, jsonBody());
  app.use(
    "/api",
    infoRoutes({page: pageScript(page)}),
    methodRoutes(),
    modelRoutes({models, preparation}),
    runRoutes({runs, index}),
    numberRoutes({runs, analyses}),
    labelRoutes({runs, analyses, labels}),
    reportRoutes({runs, models, analyses, pool}),
    exportRoutes({runs, pool}),
    importRoutes({runs, uploads, importer, quota, now}),
    captureRoutes({queue, quota, models, preparation, now}),
    generateRoutes({generator, models, runs, preparation, quota, now}),
    experimentRoutes({experiments, models, runs, queue, quota, preparation, desk: digests, now}),
    resultRoutes({experiments, desk: digests, pool}),
    evalRoutes({evaluations, models, uploads, quota, preparation, now}),
    censusRoutes({censuses: createCensusStore(censusesFolder), pool}),
    trainingRoutes({trainings, quota, now}),
    eventRoutes({queue, experiments, evaluations, trainings})
  );
  app.use("/api/runs/:run", goneRun(runs));
  app.use("/api", unknownOperation);
  servePage(app, page);
  app.use(answerError(log));

  const server = createHttpServer(app);
  limitPatience(server);
  return {
    warm() {
      void index.list().catch(() => {}); // who asks for it is told what is wrong
      service.warm();
      pool.warm();
    },
    get servicePid() {
      return service.pid;
    },
    async listen({port, host = address}) {
      const url = await listening(server, {port, host});
      lease = await ownRuns(runsFolder, {address: `${url}${base ?? "/"}`, log: warn}).catch(async (error: unknown) => {
        await new Promise((resolve) => server.close(resolve));
        throw error;
      });
      await runs.recover(warn);
      await restoreLines();
      await runs.emptyTrash(now(), (line) => log.info(line));
      return url;
    },
    async close() {
      stopping = true;
      const deaf = server.listening ? new Promise<void>((resolve) => server.close(() => resolve())) : undefined; // nothing new comes in
      await Promise.all([queue.close(), experiments.close(), evaluations.close(), trainings.close()]);
      await Promise.all([service.close(), inspector.close(), pool.close(), generator.close(), importer.close(), preparation.close()]);
      server.closeAllConnections(); // event streams never end by themselves
      await deaf;
      await lease?.release();
    }
  };
}

const noStore: express.RequestHandler = (_request, response, next) => {
  response.set("cache-control", "no-cache"); // an ETag may still spare the transfer
  next();
};

function listening(server: Server, {port, host}: {port: number; host: string}): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      reject(cause.code === "EADDRINUSE" ? new Error(`port in use: ${port} on ${host}; choose another with --port`, {cause}) : cause);
    });
    server.listen(port, host, () => {
      const {port: actual} = server.address() as AddressInfo;
      resolve(`http://${host.includes(":") ? `[${host}]` : host}:${actual}`);
    });
  });
}
