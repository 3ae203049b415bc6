import type {ErrorRequestHandler} from "express";
import {statusOf} from "../contract/httpError.ts";
import type {RunStore} from "../runs/runStore.ts";

/** What goes wrong with a run that somebody removed meanwhile is that it is not there: 404, whatever the reading of its files came upon. */
export const goneRun =
  (runs: RunStore): ErrorRequestHandler<{run: string}> =>
  async (error: unknown, {params, query}, _response, next) => {
    const asked = [params.run, ...(typeof query.with === "string" ? query.with.split(",") : [])];
    try {
      if (statusOf(error) === 422 || statusOf(error) >= 500) for (const run of asked) await runs.find(run);
    } catch (gone) {
      return next(gone);
    }
    next(error);
  };
