import {Router, type Response} from "express";
import {lensesOfFamily} from "../../../capture/families/families.ts";
import type {Trace} from "../../../capture/trace/schema.ts";
import {noteSchema, runChangeSchema, type Run} from "../../contract/contract.ts";
import {HttpError} from "../../contract/httpError.ts";
import {checked} from "../checked.ts";
import type {RunIndex} from "../../work/runIndex.ts";
import {refuseOthers} from "../access/visitor.ts";
import type {RunStore} from "../../runs/runStore.ts";
import type {RunPlace} from "../../runs/runPlace.ts";
import {reading} from "./reading.ts";

/** The list of runs, one of them, and what is done with it as a whole. */
export function runRoutes({runs, index}: {readonly runs: RunStore; readonly index: RunIndex}): Router {
  const router = Router({caseSensitive: true});

  router.get("/runs", async (_request, response) => {
    const {json, etag} = await index.list();
    response.set("etag", etag).type("json").send(json);
  });

  router.get("/runs/:run", async ({params}, response) => {
    const place = await runs.find(params.run);
    const summary = await runs.summary(place);
    const run = await reading(
      place.dir,
      async (reader): Promise<Run> => ({
        summary,
        trace: withLenses(reader.trace),
        sites: [...reader.sites],
        constants: [...reader.constants]
      })
    );
    response.json(run);
  });

  /** A run that cannot be read is nobody's. */
  async function refuseOthersRun(response: Response, find: (id: string) => Promise<RunPlace>, id: string): Promise<void> {
    const place = await find(id);
    const owner = await runs.summary(place).then(
      (summary) => summary.owner,
      () => null
    );
    refuseOthers(response, `run: ${id}`, owner);
  }

  router.patch("/runs/:run", async ({params, body}, response) => {
    await refuseOthersRun(response, runs.find, params.run);
    response.json(await runs.change(params.run, checked(runChangeSchema, body)));
  });

  router.get("/runs/:run/notes", async ({params}, response) => {
    response.json({notes: await runs.notes(await runs.find(params.run))});
  });

  router.put("/runs/:run/notes", async ({params, body}, response) => {
    await refuseOthersRun(response, runs.find, params.run);
    const note = checked(noteSchema, body);
    const {tokens} = await runs.summary(await runs.find(params.run));
    if (note.token !== null && note.token >= tokens) throw new HttpError(400, `invalid token: ${note.token}; expected 0 to ${tokens - 1}`);
    response.json({notes: await runs.note(params.run, note)});
  });

  router.delete("/runs/:run", async ({params}, response) => {
    await refuseOthersRun(response, runs.find, params.run);
    await runs.remove(params.run);
    response.status(204).end();
  });

  router.post("/runs/:run/restore", async ({params}, response) => {
    await refuseOthersRun(response, runs.findRemoved, params.run);
    response.json(await runs.restore(params.run));
  });

  return router;
}

/** A trace that does not say through which lenses its model can be read has those of its family, where that is known here. */
function withLenses(trace: Trace): Trace {
  const lenses = trace.lenses ?? lensesOfFamily(trace.family);
  return lenses ? {...trace, lenses: [...lenses]} : trace;
}
