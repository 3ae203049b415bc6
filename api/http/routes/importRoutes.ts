import {basename, extname, join} from "node:path";
import {Router} from "express";
import {importRun} from "../../exchange/importRun.ts";
import {importRequestSchema, nameSchema, type ImportAnswer} from "../../contract/contract.ts";
import {HttpError} from "../../contract/httpError.ts";
import {newName} from "../../runs/newName.ts";
import type {RunStore} from "../../runs/runStore.ts";
import type {Uploads} from "../../runs/uploads.ts";
import {checked} from "../checked.ts";

interface ImportRouteParts {
  readonly runs: RunStore;
  readonly uploads: Uploads;
  readonly now: () => Date;
}

/** Files of an upload, as they are: before whatever reads bodies as JSON. */
export function uploadRoutes({uploads, now}: Omit<ImportRouteParts, "runs">): Router {
  const router = Router({caseSensitive: true});
  router.put("/uploads/:upload/:file", async (request, response) => {
    const {upload, file} = request.params;
    for (const name of [upload, file])
      if (!nameSchema.safeParse(name).success) throw new HttpError(400, `invalid name: ${name.slice(0, 100)}; expected a plain file name`);
    await uploads.write(upload, file, request, now());
    response.status(204).end();
  });
  return router;
}

/** Makes runs of what was sent. */
export function importRoutes({runs, uploads, now}: ImportRouteParts): Router {
  const router = Router({caseSensitive: true});
  router.post("/imports", async ({body}, response) => {
    const {upload, file, axes, array} = checked(importRequestSchema, body);
    const title = file === undefined ? undefined : basename(file, extname(file));
    const id = newName(now(), title ?? "trace");
    const folder = uploads.folderOf(upload);
    try {
      const made = await importRun(file === undefined ? folder : join(folder, file), {out: runs.folderOf(id), title, axes, array, now});
      const answer: ImportAnswer = {format: made.format, runs: made.runs.map((dir) => basename(dir)), warnings: [...made.warnings]};
      response.status(201).json(answer);
    } finally {
      await uploads.remove(upload);
    }
  });
  return router;
}
