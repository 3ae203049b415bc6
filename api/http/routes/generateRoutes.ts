import {Router} from "express";
import {errorLine} from "../../../capture/errorLine.ts";
import {generateSpecSchema} from "../../../capture/generate/generateSpec.ts";
import {generateRequestSchema} from "../../contract/contract.ts";
import type {Generator} from "../../generate/generator.ts";
import type {ModelStore} from "../../models/modelStore.ts";
import {newName} from "../../runs/newName.ts";
import type {RunStore} from "../../runs/runStore.ts";
import {visitorOf} from "../access/visitor.ts";
import {checked} from "../checked.ts";
import {goneSignal} from "./goneSignal.ts";

interface GenerateRouteParts {
  readonly generator: Generator;
  readonly models: ModelStore;
  readonly runs: RunStore;
  readonly now: () => Date;
}

/** Tokens as they are made. What is refused before the first token has its own status; a client that leaves ends its generation. */
export function generateRoutes({generator, models, runs, now}: GenerateRouteParts): Router {
  const router = Router({caseSensitive: true});

  router.post("/generations", async ({body}, response) => {
    const {keep, model, ...demand} = checked(generateRequestSchema, body);
    const {name: owner} = visitorOf(response);
    const title = demand.title ?? demand.prompt ?? "tokens";
    const kept = keep ? newName(now(), title) : undefined;
    const spec = checked(generateSpecSchema, {
      ...demand,
      title,
      model: await models.find(model),
      ...(owner !== null && {owner}),
      ...(kept !== undefined && {keep: runs.folderOf(kept)})
    });
    const signal = goneSignal(response);
    const send = (event: string, data: unknown) => {
      if (response.closed) return;
      if (!response.headersSent)
        response
          .status(200)
          .set({"content-type": "text/event-stream", "cache-control": "no-store, no-transform", "x-accel-buffering": "no"});
      response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    };
    try {
      const {run: _folder, ...result} = await generator.run(spec, {
        signal,
        onNews: (news) => send("wave" in news ? "wave" : "token", news)
      });
      send("end", {...result, ...(kept !== undefined && {run: kept})});
    } catch (error) {
      if (!response.headersSent || response.closed) throw error;
      send("fault", {error: errorLine(error)});
    }
    response.end();
  });

  return router;
}
