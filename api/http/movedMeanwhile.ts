import {stat} from "node:fs/promises";
import type {ErrorRequestHandler, RequestHandler, Response} from "express";
import {Refusal} from "../../capture/trace/refusal.ts";
import {statusOf} from "../contract/httpError.ts";

/** Throws a 404 HttpError that names the thing where it is not there. */
type FolderOf = (id: string) => Promise<string>;

type Asked = Record<string, string>;

/** Remembers when a thing's folder changed last, before its files are read; a rename is a change, too. */
export const beforeReading =
  (name: string, folderOf: FolderOf): RequestHandler<Asked> =>
  async ({params}, {locals}, next) => {
    locals.changed = await changedAt(params[name], folderOf).catch(() => undefined); // the reading itself says what is not there
    next();
  };

/**
 * What goes wrong with a thing that somebody removes or takes back while its files are read: 404 where it is not there any more, and 409 where its
 * folder changed since the question came, whatever the reading came upon.
 */
export const movedMeanwhile =
  (name: string, folderOf: FolderOf): ErrorRequestHandler<Asked> =>
  async (error: unknown, {params, query}, response, next) => {
    const status = statusOf(error);
    if (status !== 422 && status < 500) return next(error);
    const asked = [params[name], ...(typeof query.with === "string" ? query.with.split(",") : [])];
    try {
      for (const id of asked) await folderOf(id);
      const before = changedBefore(response);
      if (before !== undefined && (status === 422 || status === 500) && (await changedAt(params[name], folderOf)) !== before)
        return next(
          new Refusal(`changed meanwhile: ${params[name]} was removed, taken back or written while it was read; ask again`, {
            kind: "conflict"
          })
        );
    } catch (gone) {
      return next(gone);
    }
    next(error);
  };

const changedAt = async (id: string, folderOf: FolderOf): Promise<number> => (await stat(await folderOf(id))).ctimeMs;

const changedBefore = ({locals}: Response): number | undefined => (locals as {changed?: number}).changed;
