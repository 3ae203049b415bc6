import {stat} from "node:fs/promises";
import type {ErrorRequestHandler} from "express";
import {Refusal} from "../../capture/trace/refusal.ts";
import {statusOf} from "../contract/httpError.ts";
import {beganAt} from "./requestLog.ts";

const CLOCK_MS = 20; // a file system's clock ticks more slowly than the system's

/**
 * What goes wrong with a thing that somebody removes or takes back while its files are read: 404 where it is not there any more, 409 where its folder
 * was moved or changed since the question came, whatever the reading came upon. `folderOf` throws a 404 HttpError that names it.
 */
export const movedMeanwhile =
  (name: string, folderOf: (id: string) => Promise<string>): ErrorRequestHandler<Record<string, string>> =>
  async (error: unknown, {params, query}, response, next) => {
    const status = statusOf(error);
    if (status !== 422 && status < 500) return next(error);
    const asked = [params[name], ...(typeof query.with === "string" ? query.with.split(",") : [])];
    try {
      for (const id of asked) {
        const {ctimeMs} = await stat(await folderOf(id)); // a rename is a change of the folder, too
        if ((status === 422 || status === 500) && ctimeMs >= beganAt(response) - CLOCK_MS)
          return next(
            new Refusal(`changed meanwhile: ${id} was removed, taken back or written while it was read; ask again`, {kind: "conflict"})
          );
      }
    } catch (gone) {
      return next(gone);
    }
    next(error);
  };
