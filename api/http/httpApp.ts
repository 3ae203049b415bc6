import express, {type Express} from "express";
import type {Logger} from "pino";
import {beforeReading, movedMeanwhile} from "./movedMeanwhile.ts";
import {guard, requireJson, safeHeaders} from "./guard.ts";
import {withoutBase} from "./access/base.ts";
import {knownHosts} from "./access/hosts.ts";
import {cookieName, refuseGuests, signIn} from "./access/signIn.ts";
import type {TokenBook} from "./access/tokens.ts";
import {jsonBody} from "./jsonBody.ts";
import {pageScript, servePage} from "./page.ts";
import {dropSlow} from "./patience.ts";
import {requestLog} from "./requestLog.ts";
import {unknownOperation} from "./unknownOperation.ts";
import {answerError} from "./answerError.ts";
import {healthRoutes} from "./routes/healthRoutes.ts";
import {uploadRoutes} from "./routes/importRoutes.ts";
import {apiRoutes} from "./apiRoutes.ts";
import type {Rooms} from "./rooms.ts";

/** As `createServer` is given them. */
interface HttpAppOptions {
  readonly runs: string;
  readonly base: string | undefined;
  readonly tokens: TokenBook | undefined;
  readonly log: Logger;
  readonly page: string;
  readonly address: string;
  readonly hosts: readonly string[];
  readonly now: () => Date;
  readonly isStopping: () => boolean;
}

/** What answers over HTTP: who is let in, the operations, the page, and errors in one line. */
export function httpApp(rooms: Rooms, {runs, page, address, hosts, base, tokens, log, now, isStopping}: HttpAppOptions): Express {
  const app = express().disable("x-powered-by").enable("case sensitive routing");
  app.use(requestLog(log), dropSlow(), safeHeaders(), withoutBase(base), guard(knownHosts({address, allowed: hosts})));
  app.use("/api", noStore, healthRoutes({runs, isStopping}));
  if (tokens) app.use(signIn(tokens, cookieName(runs)));
  app.use("/api", refuseGuests, uploadRoutes({uploads: rooms.uploads, quota: rooms.quota, now}), requireJson, jsonBody());
  const jobRooms = [
    ["/api/evaluations", "evaluation", rooms.evaluations.find],
    ["/api/censuses", "census", rooms.censuses.find],
    ["/api/trainings", "training", rooms.trainings.find]
  ] as const;
  for (const [path, name, folderOf] of jobRooms) app.use(`${path}/:${name}`, beforeReading(name, folderOf));
  app.use("/api", apiRoutes(rooms, {page: pageScript(page), now}));
  app.use(
    "/api/runs/:run",
    movedMeanwhile("run", async (id) => (await rooms.runs.find(id)).dir)
  );
  app.use(
    "/api/experiments/:experiment",
    movedMeanwhile("experiment", async (id) => (await rooms.experiments.read(id)).dir)
  );
  for (const [path, name, folderOf] of jobRooms) app.use(`${path}/:${name}`, movedMeanwhile(name, folderOf));
  app.use("/api", unknownOperation);
  servePage(app, page);
  app.use(answerError(log));
  return app;
}

const noStore: express.RequestHandler = (_request, response, next) => {
  response.set("cache-control", "no-cache"); // an ETag may still spare the transfer
  next();
};
