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
import {isWholeRun, wholeRunStream} from "../../exchange/wholeRun.ts";
import {askerOf} from "./askerOf.ts";
import {reading} from "./reading.ts";

/**
 * Runs as files for other tools. What holds a run as it is is streamed from it: a copy would need as much disk again. All else is made whole on disk first,
 * so that what is refused is refused in one line, and then streamed.
 */
export function exportRoutes({runs, pool}: {readonly runs: RunStore; readonly pool: ComputePool}): Router {
  const router = Router({caseSensitive: true});

  router.get("/runs/:run/export", async ({params, query}, response) => {
    const {format, inits, tokens, site, components} = checked(exportQuerySchema, query);
    const place = await runs.find(params.run);
    const asker = askerOf(response);
    const {ending, type} = exportFormats[format];
    const announce = (bytes?: number): void => {
      response.attachment(`${place.id}${ending}`).type(type);
      if (bytes !== undefined) response.set("content-length", String(bytes));
    };
    if (isWholeRun(format)) {
      await reading(place.dir, async (reader) => {
        const choice = {site, components, inits, tokens};
        const {bytes, pieces} = await wholeRunStream(reader, format, choice);
        announce(bytes);
        await pipeline(pieces, response, {signal: asker.signal});
      });
      return;
    }
    const folder = await runs.scratch();
    try {
      const out = join(folder, "export");
      await pool.run(place.dir, {kind: "export", out, format, site, components, inits: indicesOf(inits), tokens: indicesOf(tokens)}, asker);
      const made = await stat(out);
      announce(made.isFile() ? made.size : undefined);
      await pipeline(made.isFile() ? createReadStream(out) : await folderZip(out), response, {signal: asker.signal});
    } finally {
      await rm(folder, {recursive: true, force: true});
    }
  });

  return router;
}
