import {Router} from "express";
import {errorLine} from "../../../capture/errorLine.ts";
import {captureBounds} from "../../../capture/bounds.ts";
import {generateSpecSchema, type GenerateSpec} from "../../../capture/generate/generateSpec.ts";
import type {Quota} from "../../captures/quota.ts";
import {generateRequestSchema} from "../../contract/contract.ts";
import type {Generator} from "../../generate/generator.ts";
import type {ModelStore} from "../../models/modelStore.ts";
import {newName} from "../../runs/newName.ts";
import type {Asker} from "../../queue/fairTurns.ts";
import type {RunStore} from "../../runs/runStore.ts";
import type {Preparation} from "../../work/preparation.ts";
import {checked} from "../checked.ts";
import {askerOf} from "./askerOf.ts";

interface GenerateRouteParts {
  readonly generator: Generator;
  readonly models: ModelStore;
  readonly runs: RunStore;
  readonly preparation: Preparation;
  readonly quota: Quota;
  readonly now: () => Date;
}

/** Tokens as they are made. What is refused before the first token has its own status; a client that leaves ends its generation. */
export function generateRoutes({generator, models, runs, preparation, quota, now}: GenerateRouteParts): Router {
  const router = Router({caseSensitive: true});

  router.post("/generations", async ({body}, response) => {
    const {keep, model, ...demand} = checked(generateRequestSchema, body);
    const asker = askerOf(response);
    const {owner} = asker;
    const id = newName(now(), demand.title ?? demand.prompt ?? "tokens");
    const spec = checked(generateSpecSchema, {
      ...demand,
      model: await models.find(model),
      ...(owner !== null && {owner}),
      ...(keep && {keep: runs.folderOf(id)})
    });
    const bytes = !keep || owner === null ? 0 : await keptBytes(spec, asker);
    const send = (event: string, data: unknown) => {
      if (response.closed) return;
      if (!response.headersSent)
        response
          .status(200)
          .set({"content-type": "text/event-stream", "cache-control": "no-store, no-transform", "x-accel-buffering": "no"});
      response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    };
    try {
      const {run: _folder, ...result} = await quota.within(owner, {kind: "captures", id, bytes}, () =>
        generator.run(spec, {...asker, onNews: (news) => send("wave" in news ? "wave" : "token", news)})
      );
      send("end", {...result, ...(keep && {run: id})});
    } catch (error) {
      if (!response.headersSent || response.closed) throw error;
      send("fault", {error: errorLine(error)});
    }
    response.end();
  });

  /** What the states of a generation take on the disk where it makes all the tokens that it may. */
  async function keptBytes(
    {model, prompt, token_ids, steps = captureBounds.steps.usual, max_new}: GenerateSpec,
    asker: Asker
  ): Promise<number> {
    const demand = {model, prompt, token_ids, steps, inits: 1, sites: [], edits: []};
    const {tokens, bytes} = await preparation.capture(demand, asker);
    return (bytes / tokens.length) * (tokens.length + max_new);
  }

  return router;
}
