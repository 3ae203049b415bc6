import {basename, extname} from "node:path";
import {Router} from "express";
import type {Quota} from "../../captures/quota.ts";
import {fileNameSchema, importRequestSchema, nameSchema, type ImportAnswer} from "../../contract/contract.ts";
import {HttpError} from "../../contract/httpError.ts";
import {newName} from "../../runs/newName.ts";
import type {RunStore} from "../../runs/runStore.ts";
import type {Uploads} from "../../runs/uploads.ts";
import type {Importer} from "../../work/importer.ts";
import {visitorOf} from "../access/visitor.ts";
import {checked} from "../checked.ts";
import {askerOf} from "./askerOf.ts";

interface ImportRouteParts {
  readonly runs: RunStore;
  readonly uploads: Uploads;
  readonly importer: Importer;
  readonly quota: Quota;
  readonly now: () => Date;
}

/** Files of an upload, as they are: before whatever reads bodies as JSON. */
export function uploadRoutes({uploads, quota, now}: Pick<ImportRouteParts, "uploads" | "quota" | "now">): Router {
  const router = Router({caseSensitive: true});
  router.put("/uploads/:upload/:file", async (request, response) => {
    const {upload, file} = request.params;
    for (const [name, schema] of [
      [upload, nameSchema],
      [file, fileNameSchema]
    ] as const)
      if (!schema.safeParse(name).success) throw new HttpError(400, `invalid name: ${name.slice(0, 100)}; expected a plain file name`);
    const {name: owner} = visitorOf(response);
    await uploads.write({owner, upload}, file, request, {now: now(), room: () => quota.room(owner)}).catch((error: unknown) => {
      request.resume(); // the rest of it, unread
      throw error;
    });
    response.status(204).end();
  });
  return router;
}

/** Makes runs of what was sent. They belong to whoever sent them. */
export function importRoutes({runs, uploads, importer, quota, now}: ImportRouteParts): Router {
  const router = Router({caseSensitive: true});
  router.post("/imports", async ({body}, response) => {
    const {upload, file, axes, array, ask} = checked(importRequestSchema, body);
    const title = file === undefined ? undefined : basename(file, extname(file));
    const created = now();
    const id = newName(created, title ?? "trace");
    const asker = askerOf(response);
    const place = {owner: asker.owner, upload};
    const order = {file, out: runs.folderOf(id), title, axes, array, ask, created: created.toISOString()};
    const answer = await uploads.take(place, async (folder, keep): Promise<ImportAnswer> => {
      const made = await quota.within(asker.owner, {kind: "captures", id, bytes: 0}, async () => {
        const owned = asker.owner !== null && {owner: asker.owner, room: await quota.room(asker.owner)};
        return importer.run({...order, folder, ...owned}, asker);
      });
      if (made.unclear) keep();
      const {format, report, unclear} = made;
      return {format, runs: made.runs.map((dir) => basename(dir)), warnings: [...made.warnings], report, unclear};
    });
    response.status(201).json(answer);
  });
  return router;
}
