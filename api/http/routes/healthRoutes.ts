import {constants} from "node:fs";
import {access, statfs} from "node:fs/promises";
import {dirname} from "node:path";
import {Router} from "express";
import {errorLine} from "../../../capture/errorLine.ts";
import type {Health} from "../../contract/contract.ts";

interface HealthRouteParts {
  /** Folder of the runs, or where it will be made. */
  readonly runs: string;
  /** Whether the server is about to end. */
  readonly isStopping: () => boolean;
}

/** Whether the server can do its work, for whoever watches over it; asks for no token, and tells nothing else. */
export function healthRoutes({runs, isStopping}: HealthRouteParts): Router {
  const router = Router({caseSensitive: true});
  router.get("/health", async (_request, response) => {
    const problem = isStopping() ? "stopping" : await unwritable(runs);
    const health: Health = {status: problem ? "failing" : "ok", problem: problem ?? null, uptime_seconds: Math.round(process.uptime())};
    response.status(problem ? 503 : 200).json(health);
  });
  return router;
}

const LEAST_BYTES = 2 ** 20; // of a disk that is not full: a step of a small run

/** Why captures could not be written; the folder itself may not be there yet. */
async function unwritable(folder: string): Promise<string | undefined> {
  for (let path = folder; ; path = dirname(path)) {
    try {
      await access(path, constants.W_OK);
      const {bavail, bsize} = await statfs(path);
      return bavail * bsize < LEAST_BYTES ? `runs cannot be written: no space left on the device: ${bavail * bsize} bytes` : undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT" && path !== dirname(path)) continue;
      return `runs cannot be written: ${errorLine(error).split(",")[0]}`;
    }
  }
}
