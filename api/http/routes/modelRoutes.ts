import {Router} from "express";
import {checked} from "../checked.ts";
import {tokeniseRequestSchema, wordsRequestSchema} from "../../contract/contract.ts";
import type {Preparation} from "../../work/preparation.ts";
import {askerOf} from "./askerOf.ts";
import type {ModelStore} from "../../models/modelStore.ts";

/** The models that are there, and how they cut a text into tokens. */
export function modelRoutes({models, preparation}: {readonly models: ModelStore; readonly preparation: Preparation}): Router {
  const router = Router({caseSensitive: true});

  router.get("/models", async (_request, response) => {
    response.json({models: await models.list()});
  });

  router.post("/models/:model/tokens", async ({params, body}, response) => {
    const {prompt} = checked(tokeniseRequestSchema, body);
    const folder = await models.find(params.model);
    response.json({tokens: prompt === "" ? [] : await preparation.tokens(folder, prompt, askerOf(response))});
  });

  router.post("/models/:model/words", async ({params, body}, response) => {
    const {ids} = checked(wordsRequestSchema, body);
    const folder = await models.find(params.model);
    response.json({tokens: await preparation.words(folder, ids, askerOf(response))});
  });

  return router;
}
