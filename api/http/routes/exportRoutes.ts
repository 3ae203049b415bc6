import {createReadStream} from "node:fs";
import {rm, stat} from "node:fs/promises";
import {join} from "node:path";
import {pipeline} from "node:stream/promises";
import {Router} from "express";
import {checked} from "../checked.ts";
import type {ComputePool} from "../../work/computePool.ts";
import {exportQuerySchema} from "../../contract/contract.ts";
import {exportFormats} from "../../contract/exportFormats.ts";
import {folderZip} from "../../exchange/folderZip.ts";
import {indicesOf} from "../../contract/indicesOf.ts";
import type {RunStore} from "../../runs/runStore.ts";
import {askerOf} from "./askerOf.ts";

/** Runs as files for other tools. Each is made whole on disk first, so that what is refused is refused in one line, and then streamed. */
export function exportRoutes({runs, pool}: {readonly runs: RunStore; readonly pool: ComputePool}): Router {
  const router = Router({caseSensitive: true});

  router.get("/runs/:run/export", async ({params, query}, response) => {
    const {format, inits, tokens, site, components} = checked(exportQuerySchema, query);
    const place = await runs.find(params.run);
    const asker = askerOf(response);
    const folder = await runs.scratch();
    try {
      const out = join(folder, "export");
      await pool.run(place.dir, {kind: "export", out, format, site, components, inits: indicesOf(inits), tokens: indicesOf(tokens)}, asker);
      const {ending, type} = exportFormats[format];
      response.attachment(`${place.id}${ending}`).type(type);
      const made = await stat(out);
      if (made.isFile()) response.set("content-length", String(made.size));
      await pipeline(made.isFile() ? createReadStream(out) : await folderZip(out), response, {signal: asker.signal});
    } finally {
      await rm(folder, {recursive: true, force: true});
    }
  });

  return router;
}
