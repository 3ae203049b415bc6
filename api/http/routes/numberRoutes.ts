import {Router} from "express";
import type {z} from "zod";
import {encodeSafetensors, type Tensor} from "../../../capture/trace/safetensors.ts";
import {readTrace, type TraceReader} from "../../../capture/trace/reader.ts";
import {TOP_IDS} from "../../../capture/trace/readoutNames.ts";
import type {AnalysisCache} from "../../work/analysisCache.ts";
import {stepSlice} from "../../analyses/stepSlice.ts";
import {
  differenceQuerySchema,
  metricsQuerySchema,
  projectionQuerySchema,
  readoutQuerySchema,
  statesQuerySchema
} from "../../contract/contract.ts";
import {HttpError} from "../../contract/httpError.ts";
import {checked} from "../checked.ts";
import type {RunPlace} from "../../runs/runPlace.ts";
import type {RunStore} from "../../runs/runStore.ts";
import {askerOf} from "./askerOf.ts";
import {reading} from "./reading.ts";
import {sendTensors} from "./sendBytes.ts";
import {sendStates} from "./sendStates.ts";

const DEFAULT_TOP = 5; // tokens kept of a run that was captured without a readout

interface NumberRouteParts {
  readonly runs: RunStore;
  readonly analyses: AnalysisCache;
}

/** What a run holds, and what is computed of every state of it: tensors. */
export function numberRoutes({runs, analyses}: NumberRouteParts): Router {
  const router = Router({caseSensitive: true});

  router.get("/runs/:run/metrics", async ({params, query}, response) => {
    const {site, ...range} = checked(metricsQuerySchema, query);
    const message = await analyses.answer(await runs.find(params.run), {kind: "metrics", site}, askerOf(response));
    sendTensors(
      response,
      stepSlice(message, range, () => true)
    );
  });

  router.get("/runs/:run/projection", async ({params, query}, response) => {
    const {from, to, ...question} = checked(projectionQuerySchema, query);
    const others = await Promise.all((question.with?.split(",") ?? []).map((name) => runs.find(name)));
    const message = await analyses.answer(
      await runs.find(params.run),
      {kind: "projection", query: question},
      {others, ...askerOf(response)}
    );
    sendTensors(
      response,
      stepSlice(message, {from, to}, (name) => name.startsWith("points"))
    );
  });

  router.get("/runs/:run/difference", async ({params, query}, response) => {
    const {with: other, site} = checked(differenceQuerySchema, query);
    sendTensors(
      response,
      await analyses.answer(
        await runs.find(params.run),
        {kind: "difference", site},
        {others: [await runs.find(other)], ...askerOf(response)}
      )
    );
  });

  router.get("/runs/:run/readout", async ({params, query}, response) => {
    const {lens, ...range} = checked(readoutQuerySchema, query);
    const message = await readoutOf(await runs.find(params.run), lens, {analyses, ...askerOf(response)});
    sendTensors(
      response,
      stepSlice(message, range, () => true)
    );
  });

  router.get("/runs/:run/texts", async ({params}, response) => {
    const {dir} = await runs.find(params.run);
    response.json({texts: Object.fromEntries((await reading(dir, (reader) => reader.readTexts())) ?? [])});
  });

  router.get("/runs/:run/states", async ({params, query}, response) => {
    const question = checked(statesQuerySchema, query);
    const {dir} = await runs.find(params.run);
    await reading(dir, (reader) => sendStates(response, reader, question));
  });

  return router;
}

/** What the model would say at each step: as it was captured, or by a lens that reads the states now. Throws a 404 HttpError where there is neither. */
async function readoutOf(
  place: RunPlace,
  lens: z.infer<typeof readoutQuerySchema>["lens"],
  {analyses, ...asker}: {readonly analyses: AnalysisCache} & ReturnType<typeof askerOf>
): Promise<Uint8Array> {
  const {readout} = await readTrace(place.dir);
  if (!lens && !readout)
    throw new HttpError(404, `invalid run: ${place.id} was captured without a readout; lens=coda or lens=logit reads its states`);
  const isStored = !lens || lens === readout?.lens;
  return isStored
    ? await reading(place.dir, storedReadout)
    : await analyses.answer(place, {kind: "readout", question: {lens, top: readout?.top ?? DEFAULT_TOP}}, asker);
}

async function storedReadout(reader: TraceReader): Promise<Uint8Array> {
  const readout = await reader.readReadout();
  return encodeSafetensors(
    Object.fromEntries(Object.entries(readout ?? {}).map(([name, tensor]) => [name, name === TOP_IDS ? wholeNumbers(tensor) : tensor])),
    {lens: String(reader.trace.readout?.lens)}
  );
}

const wholeNumbers = ({shape, data}: Tensor): Tensor => ({shape, data: Int32Array.from(data)});
