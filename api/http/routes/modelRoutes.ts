import {Router} from "express";
import {loadCheckpoint} from "../../../capture/families/loadCheckpoint.ts";
import {loadTokenizer, type Token} from "../../../capture/model/tokenizer.ts";
import {checked} from "../checked.ts";
import {tokeniseRequestSchema, wordsRequestSchema} from "../../contract/contract.ts";
import type {ModelStore} from "../../models/modelStore.ts";

/** The models that are there, and how they cut a text into tokens. */
export function modelRoutes(models: ModelStore): Router {
  const router = Router({caseSensitive: true});

  router.get("/models", async (_request, response) => {
    response.json({models: await models.list()});
  });

  router.post("/models/:model/tokens", async ({params, body}, response) => {
    const {prompt} = checked(tokeniseRequestSchema, body);
    const folder = await models.find(params.model);
    response.json({tokens: prompt === "" ? [] : await tokensOf(folder, prompt)});
  });

  router.post("/models/:model/words", async ({params, body}, response) => {
    const {ids} = checked(wordsRequestSchema, body);
    const folder = await models.find(params.model);
    response.json({tokens: await wordsOf(folder, ids)});
  });

  return router;
}

/** How ids read, however many: the tokenizer takes a context at a time. */
async function wordsOf(folder: string, ids: readonly number[]): Promise<readonly Token[]> {
  const {model, close} = await loadCheckpoint(folder);
  await close();
  const tokenizer = await loadTokenizer(folder, model);
  const words: Token[] = [];
  for (let at = 0; at < ids.length; at += model.maxTokens) words.push(...tokenizer.tokens(ids.slice(at, at + model.maxTokens)));
  return words;
}

async function tokensOf(folder: string, prompt: string): Promise<readonly {id: number; text: string}[]> {
  const {model, close} = await loadCheckpoint(folder);
  await close();
  const tokenizer = await loadTokenizer(folder, model);
  return tokenizer.tokens(tokenizer.encode(prompt));
}
