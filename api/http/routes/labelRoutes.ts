import {Router} from "express";
import {eigenvalueBounds} from "../../../capture/bounds.ts";
import {readTrace} from "../../../capture/trace/reader.ts";
import {refuseUnwitnessed, withWitness, witnessesOf, WITNESSED_SITE} from "../../analyses/witness.ts";
import type {AnalysisCache} from "../../work/analysisCache.ts";
import {
  patternsQuerySchema,
  patternsSchema,
  portraitQuerySchema,
  spectrumQuerySchema,
  spectrumSchema,
  witnessQuerySchema
} from "../../contract/contract.ts";
import {indicesOf} from "../../contract/indicesOf.ts";
import {checked} from "../checked.ts";
import type {RunLabels} from "../../work/runLabels.ts";
import type {RunStore} from "../../runs/runStore.ts";
import {askerOf} from "./askerOf.ts";
import {sendBytes, sendTensors} from "./sendBytes.ts";

interface LabelRouteParts {
  readonly runs: RunStore;
  readonly analyses: AnalysisCache;
  readonly labels: RunLabels;
}

/** What a run's trajectories are called, and what speaks for it. */
export function labelRoutes({runs, analyses, labels}: LabelRouteParts): Router {
  const router = Router({caseSensitive: true});

  router.get("/runs/:run/patterns", async ({params, query}, response) => {
    const {site, tokens} = checked(patternsQuerySchema, query);
    const only = indicesOf(tokens);
    sendBytes(
      response,
      "application/json",
      await analyses.answer(await runs.find(params.run), {kind: "patterns", site, ...(only && {only})}, askerOf(response))
    );
  });

  router.get("/runs/:run/portrait", async ({params, query}, response) => {
    const question = checked(portraitQuerySchema, query);
    sendTensors(response, await analyses.answer(await runs.find(params.run), {kind: "portrait", query: question}, askerOf(response)));
  });

  router.get("/runs/:run/exits", async ({params}, response) => {
    const answer = await analyses.answer(await runs.find(params.run), {kind: "exits"}, askerOf(response));
    sendBytes(response, "application/json", answer);
  });

  router.get("/runs/:run/labels", async ({params}, response) => {
    response.json(await labels.count(await runs.find(params.run), askerOf(response)));
  });

  router.get("/runs/:run/spectrum", async ({params, query}, response) => {
    const {init, count, tokens} = checked(spectrumQuerySchema, query);
    const question = {init, count, tokens: indicesOf(tokens)};
    sendBytes(
      response,
      "application/json",
      await analyses.answer(await runs.find(params.run), {kind: "spectrum", question}, askerOf(response))
    );
  });

  router.get("/runs/:run/witness", async ({params, query}, response) => {
    const {init} = checked(witnessQuerySchema, query);
    const place = await runs.find(params.run);
    const trace = await readTrace(place.dir);
    refuseUnwitnessed(trace);
    const asker = askerOf(response);
    const patterns = await analyses.answer(place, {kind: "patterns", site: WITNESSED_SITE}, asker);
    const question = {init, count: eigenvalueBounds.usual, tokens: undefined};
    const spectrum = await analyses.answer(place, {kind: "spectrum", question}, asker);
    response.json(witnessesOf(withWitness(patternsSchema.parse(jsonOf(patterns)), spectrumSchema.parse(jsonOf(spectrum)), trace), init));
  });

  return router;
}

const jsonOf = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));
