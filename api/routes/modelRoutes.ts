import {Router} from "express";
import {errorLine} from "../../capture/errorLine.ts";
import {loadCheckpoint} from "../../capture/model/checkpoint.ts";
import {loadTokenizer} from "../../capture/tokenizer.ts";
import {checked} from "../checked.ts";
import {tokeniseRequestSchema} from "../contract.ts";
import {HttpError} from "../httpError.ts";
import type {ModelStore} from "../modelStore.ts";

/** The models that are there, and how they cut a text into tokens. */
export function modelRoutes(models: ModelStore): Router {
  const router = Router();

  router.get("/models", async (_request, response) => {
    response.json({models: await models.list()});
  });

  router.post("/models/:model/tokens", async ({params, body}, response) => {
    const {prompt} = checked(tokeniseRequestSchema, body);
    const folder = await models.find(params.model);
    response.json({tokens: prompt === "" ? [] : await tokensOf(folder, prompt)});
  });

  return router;
}

async function tokensOf(folder: string, prompt: string): Promise<readonly {id: number; text: string}[]> {
  try {
    const {config, close} = await loadCheckpoint(folder);
    await close();
    const tokenizer = await loadTokenizer(folder, config);
    return tokenizer.tokens(tokenizer.encode(prompt));
  } catch (cause) {
    throw new HttpError(400, errorLine(cause), {cause}); // a prompt that is too long, or a folder that is no model
  }
}
