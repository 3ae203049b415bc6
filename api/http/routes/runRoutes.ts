import {Router, type Response} from "express";
import {encodeSafetensors, type Tensor} from "../../../capture/trace/safetensors.ts";
import {countOf} from "../../../capture/trace/safetensorsHeader.ts";
import {openTrace, readTrace, type TraceReader} from "../../../capture/trace/reader.ts";
import {TOP_IDS} from "../../../capture/trace/readoutNames.ts";
import type {AnalysisCache} from "../../work/analysisCache.ts";
import {stepSlice} from "../../analyses/stepSlice.ts";
import {refuseUnwitnessed, withWitness, witnessesOf, WITNESSED_SITE} from "../../analyses/witness.ts";
import {eigenvalueBounds} from "../../../capture/bounds.ts";
import {
  differenceQuerySchema,
  metricsQuerySchema,
  patternsQuerySchema,
  patternsSchema,
  portraitQuerySchema,
  projectionQuerySchema,
  readoutQuerySchema,
  runChangeSchema,
  spectrumQuerySchema,
  spectrumSchema,
  statesQuerySchema,
  witnessQuerySchema,
  type Run
} from "../../contract/contract.ts";
import {HttpError} from "../../contract/httpError.ts";
import {indicesOf} from "../../contract/indicesOf.ts";
import {checked} from "../checked.ts";
import type {RunIndex} from "../../work/runIndex.ts";
import type {RunLabels} from "../../work/runLabels.ts";
import {refuseOthers} from "../access/visitor.ts";
import type {RunPlace, RunStore} from "../../runs/runStore.ts";
import {askerOf} from "./askerOf.ts";
import {Refusal} from "../../../capture/trace/refusal.ts";

const MAX_STATE_NUMBERS = 2 ** 27; // half a gigabyte of float32 in one answer

const DEFAULT_TOP = 5; // tokens kept of a run that was captured without a readout

/** What can be asked of runs: the list, one of them, its numbers, its analyses. */
export function runRoutes({
  runs,
  analyses,
  labels,
  index
}: {
  readonly runs: RunStore;
  readonly analyses: AnalysisCache;
  readonly labels: RunLabels;
  readonly index: RunIndex;
}): Router {
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
      async (reader): Promise<Run> => ({summary, trace: reader.trace, sites: [...reader.sites], constants: [...reader.constants]})
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

  router.delete("/runs/:run", async ({params}, response) => {
    await refuseOthersRun(response, runs.find, params.run);
    await runs.remove(params.run);
    response.status(204).end();
  });

  router.post("/runs/:run/restore", async ({params}, response) => {
    await refuseOthersRun(response, runs.findRemoved, params.run);
    response.json(await runs.restore(params.run));
  });

  router.get("/runs/:run/metrics", async ({params, query}, response) => {
    const {site, ...range} = checked(metricsQuerySchema, query);
    const message = await analyses.answer(await runs.find(params.run), {kind: "metrics", site}, askerOf(response));
    sendTensors(
      response,
      stepSlice(message, range, () => true)
    );
  });

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
    const place = await runs.find(params.run);
    const {readout} = await readTrace(place.dir);
    if (!lens && !readout)
      throw new HttpError(404, `invalid run: ${place.id} was captured without a readout; lens=coda or lens=logit reads its states`);
    const isStored = !lens || lens === readout?.lens;
    const message = isStored
      ? await reading(place.dir, storedReadout)
      : await analyses.answer(place, {kind: "readout", question: {lens, top: readout?.top ?? DEFAULT_TOP}}, askerOf(response));
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
    const {site, from, to, inits, tokens} = checked(statesQuerySchema, query);
    const {dir} = await runs.find(params.run);
    sendTensors(
      response,
      await reading(dir, async (reader) => {
        const extent = reader.extentOf(site);
        const slice = {
          steps: [from ?? extent.firstStep, to ?? extent.lastStep] as const,
          inits: indicesOf(inits),
          tokens: indicesOf(tokens)
        };
        const shape = [
          Math.max(0, slice.steps[1] - slice.steps[0] + 1),
          slice.inits?.length ?? reader.trace.inits.length,
          slice.tokens?.length ?? reader.trace.tokens.length,
          extent.width
        ];
        if (countOf(shape) > MAX_STATE_NUMBERS)
          throw new Refusal(
            `invalid slice: ${countOf(shape)} numbers; at most ${MAX_STATE_NUMBERS}, so ask for fewer steps, inits or tokens`
          );
        const {firstStep, steps, width, data, ...part} = await reader.readSite(site, slice);
        return encodeSafetensors({state: {shape: [steps, part.inits, part.tokens, width], data}}, {site, first_step: String(firstStep)});
      })
    );
  });

  return router;
}

const jsonOf = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

async function reading<T>(dir: string, read: (reader: TraceReader) => Promise<T>): Promise<T> {
  const reader = await openTrace(dir);
  try {
    return await read(reader);
  } finally {
    await reader.close();
  }
}

async function storedReadout(reader: TraceReader): Promise<Uint8Array> {
  const readout = await reader.readReadout();
  return encodeSafetensors(
    Object.fromEntries(Object.entries(readout ?? {}).map(([name, tensor]) => [name, name === TOP_IDS ? wholeNumbers(tensor) : tensor])),
    {lens: String(reader.trace.readout?.lens)}
  );
}

const wholeNumbers = ({shape, data}: Tensor): Tensor => ({shape, data: Int32Array.from(data)});

const sendTensors = (response: Response, bytes: Uint8Array): void => sendBytes(response, "application/octet-stream", bytes);

function sendBytes(response: Response, type: string, {buffer, byteOffset, byteLength}: Uint8Array): void {
  response.type(type).send(Buffer.from(buffer, byteOffset, byteLength));
}
