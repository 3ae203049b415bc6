import {Router} from "express";
import {eigenvalueBounds} from "../../../capture/bounds.ts";
import {readTrace} from "../../../capture/trace/reader.ts";
import {Refusal} from "../../../capture/trace/refusal.ts";
import {refuseUnwitnessed, withWitness, witnessesOf, witnessQuestions, WITNESSED_SITE} from "../../analyses/witness.ts";
import type {AnalysisCache} from "../../work/analysisCache.ts";
import {
  progressQuerySchema,
  nearQuerySchema,
  patternsQuerySchema,
  patternsSchema,
  portraitQuerySchema,
  spectrumQuerySchema,
  spectrumSchema,
  witnessQuerySchema,
  type Spectrum,
  type Witnesses
} from "../../contract/contract.ts";
import {indicesOf} from "../../contract/indicesOf.ts";
import {checked} from "../checked.ts";
import type {RunLabels} from "../../work/runLabels.ts";
import type {Asker} from "../../queue/fairTurns.ts";
import type {RunPlace} from "../../runs/runPlace.ts";
import type {RunStore} from "../../runs/runStore.ts";
import {askerOf} from "./askerOf.ts";
import {progressRoute} from "./progressRoute.ts";
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

  progressRoute(router, "patterns", {
    ...{runs, analyses, schema: progressQuerySchema},
    questionOf: ({site}) => ({kind: "patterns", site})
  });

  router.get("/runs/:run/portrait", async ({params, query}, response) => {
    const question = checked(portraitQuerySchema, query);
    sendTensors(response, await analyses.answer(await runs.find(params.run), {kind: "portrait", query: question}, askerOf(response)));
  });

  router.get("/runs/:run/near", async ({params, query}, response) => {
    const question = checked(nearQuerySchema, query);
    const answer = await analyses.answer(await runs.find(params.run), {kind: "near", query: question}, askerOf(response));
    sendBytes(response, "application/json", answer);
  });

  progressRoute(router, "near", {...{runs, analyses, schema: nearQuerySchema}, questionOf: (query) => ({kind: "near", query})});

  router.get("/runs/:run/exits", async ({params}, response) => {
    const answer = await analyses.answer(await runs.find(params.run), {kind: "exits"}, askerOf(response));
    sendBytes(response, "application/json", answer);
  });

  router.get("/runs/:run/labels", async ({params}, response) => {
    response.json(await labels.count(await runs.find(params.run), askerOf(response)));
  });

  router.get("/runs/:run/spectrum", async ({params, query}, response) => {
    const {tokens, ...asked} = checked(spectrumQuerySchema, query);
    const question = {...asked, tokens: indicesOf(tokens)};
    sendBytes(
      response,
      "application/json",
      await analyses.answer(await runs.find(params.run), {kind: "spectrum", question}, askerOf(response))
    );
  });

  router.get("/runs/:run/witness", async ({params, query}, response) => {
    const {init} = checked(witnessQuerySchema, query);
    response.json(await witnesses(await runs.find(params.run), init, {analyses, asker: askerOf(response)}));
  });

  return router;
}

const jsonOf = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

/** What the model's own step says of an init's labels, by the spectra that these ask for. */
async function witnesses(
  place: RunPlace,
  init: number,
  {analyses, asker}: Pick<LabelRouteParts, "analyses"> & {readonly asker: Asker}
): Promise<Witnesses> {
  const trace = await readTrace(place.dir);
  refuseUnwitnessed(trace);
  if (init >= trace.inits.length) throw new Refusal(`invalid init: ${init}; expected 0 to ${trace.inits.length - 1}`);
  const patterns = patternsSchema.parse(jsonOf(await analyses.answer(place, {kind: "patterns", site: WITNESSED_SITE}, asker)));
  const spectra: Spectrum[] = [];
  for (const asked of witnessQuestions(patterns, init)) {
    const question = {...asked, count: eigenvalueBounds.usual};
    spectra.push(spectrumSchema.parse(jsonOf(await analyses.answer(place, {kind: "spectrum", question}, asker))));
  }
  return witnessesOf(withWitness(patterns, spectra, trace), init);
}
