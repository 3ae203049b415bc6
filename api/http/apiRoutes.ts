import type {RequestHandler} from "express";
import {captureRoutes} from "./routes/captureRoutes.ts";
import {censusRoutes} from "./routes/censusRoutes.ts";
import {eventRoutes} from "./routes/eventRoutes.ts";
import {evalRoutes} from "./routes/evalRoutes.ts";
import {experimentRoutes} from "./routes/experimentRoutes.ts";
import {exportRoutes} from "./routes/exportRoutes.ts";
import {generateRoutes} from "./routes/generateRoutes.ts";
import {importRoutes} from "./routes/importRoutes.ts";
import {infoRoutes} from "./routes/infoRoutes.ts";
import {methodRoutes} from "./routes/methodRoutes.ts";
import {modelRoutes} from "./routes/modelRoutes.ts";
import {reportRoutes} from "./routes/reportRoutes.ts";
import {resultRoutes} from "./routes/resultRoutes.ts";
import {labelRoutes} from "./routes/labelRoutes.ts";
import {numberRoutes} from "./routes/numberRoutes.ts";
import {runRoutes} from "./routes/runRoutes.ts";
import {workerRoutes} from "./routes/workerRoutes.ts";
import {trainingRoutes} from "./routes/trainingRoutes.ts";
import {trajectoryRoutes} from "./routes/trajectoryRoutes.ts";
import type {Rooms} from "./rooms.ts";

interface ApiRouteOptions {
  /** The address of the page's script; null where there is no page. */
  readonly page: () => Promise<string | null>;
  readonly now: () => Date;
}

/** The operations of every noun, in the order in which they are tried. */
export function apiRoutes(rooms: Rooms, {page, now}: ApiRouteOptions): RequestHandler[] {
  const {runs, uploads, models, queue, quota, analyses, experiments, evaluations, trainings, labels, index, censuses, desk} = rooms;
  const {pool, importer, generator, preparation} = rooms.workers;
  return [
    infoRoutes({page}),
    methodRoutes(),
    modelRoutes({models, preparation}),
    runRoutes({runs, index}),
    numberRoutes({runs, analyses, pool}),
    labelRoutes({runs, analyses, labels}),
    trajectoryRoutes({runs, labels}),
    reportRoutes({runs, models, analyses, pool}),
    exportRoutes({runs, pool}),
    importRoutes({runs, uploads, importer, quota, now}),
    captureRoutes({queue, quota, models, preparation, now}),
    generateRoutes({generator, models, runs, preparation, quota, now}),
    experimentRoutes({experiments, models, runs, queue, quota, preparation, desk, now}),
    resultRoutes({experiments, desk, pool}),
    evalRoutes({evaluations, models, uploads, quota, preparation, now}),
    censusRoutes({censuses, models, quota, preparation, pool, now}),
    workerRoutes({sharedQueue: rooms.sharedQueue}),
    trainingRoutes({trainings, runs, pool, quota, now}),
    eventRoutes({queue, experiments, evaluations, censuses, trainings})
  ];
}
