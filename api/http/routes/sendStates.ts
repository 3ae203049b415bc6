import {Readable} from "node:stream";
import {pipeline} from "node:stream/promises";
import type {Response} from "express";
import type {z} from "zod";
import type {TraceReader} from "../../../capture/trace/reader.ts";
import {Refusal} from "../../../capture/trace/refusal.ts";
import {encodeSafetensors} from "../../../capture/trace/safetensors.ts";
import {countOf, headerOf} from "../../../capture/trace/safetensorsHeader.ts";
import {sliceWithin, type SliceOptions} from "../../../capture/trace/slice.ts";
import type {statesQuerySchema} from "../../contract/contract.ts";
import {indicesOf} from "../../contract/indicesOf.ts";
import {sendTensors} from "./sendBytes.ts";

const MAX_STATE_NUMBERS = 2 ** 27; // half a gigabyte of float32 in one answer

export const PART_NUMBERS = 2 ** 18; // a megabyte is read, widened and sent before the next: half a gigabyte in one go kept everybody waiting for 2 s

/** Sends states as they were asked for: small ones in one go, with a tag, larger ones part by part. Throws a Refusal for more than one answer holds. */
export async function sendStates(
  response: Response,
  reader: TraceReader,
  {site, from, to, inits, tokens}: z.infer<typeof statesQuerySchema>
): Promise<void> {
  const {firstStep, lastStep, width} = reader.extentOf(site);
  const slice = {steps: [from ?? firstStep, to ?? lastStep] as const, inits: indicesOf(inits), tokens: indicesOf(tokens)};
  const shape = [
    Math.max(0, slice.steps[1] - slice.steps[0] + 1),
    slice.inits?.length ?? reader.trace.inits.length,
    slice.tokens?.length ?? reader.trace.tokens.length,
    width
  ];
  const numbers = countOf(shape);
  if (numbers > MAX_STATE_NUMBERS)
    throw new Refusal(`invalid slice: ${numbers} numbers; at most ${MAX_STATE_NUMBERS}, so ask for fewer steps, inits or tokens`);
  const metadata = {site, first_step: String(slice.steps[0])};
  if (numbers <= PART_NUMBERS) {
    const {data} = await reader.readSite(site, slice);
    return sendTensors(response, encodeSafetensors({state: {shape, data}}, metadata));
  }
  const {inits: allInits, tokens: allTokens} = reader.trace;
  const parts = partsOf(slice, sliceWithin(site, {firstStep, lastStep, inits: allInits.length, tokens: allTokens.length}, slice), width);
  const first = await bytesOf(reader, site, parts.next().value!); // a file that is cut short is mostly told by it, while that can still be said
  const header = headerOf([{name: "state", dtype: "F32", shape}], {metadata});
  response.type("application/octet-stream").set("content-length", String(header.length + numbers * Float32Array.BYTES_PER_ELEMENT));
  async function* bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    yield header;
    yield first;
    for (const part of parts) yield await bytesOf(reader, site, part);
  }
  await pipeline(Readable.from(bytes(), {objectMode: false}), response);
}

/** A slice in parts of at most PART_NUMBERS, in the order of its numbers: whole steps, or tokens of one step and init where a step is larger. */
function* partsOf(
  asked: SliceOptions,
  {steps: [first, last], inits, tokens}: Required<SliceOptions>,
  width: number
): Generator<SliceOptions, undefined, undefined> {
  const stepsAtOnce = Math.floor(PART_NUMBERS / (inits.length * tokens.length * width));
  if (stepsAtOnce > 0) {
    for (let step = first; step <= last; step += stepsAtOnce) yield {...asked, steps: [step, Math.min(last, step + stepsAtOnce - 1)]}; // what is not said is read at once
    return;
  }
  const tokensAtOnce = Math.max(1, Math.floor(PART_NUMBERS / width));
  for (let step = first; step <= last; ++step)
    for (const init of inits)
      for (let i = 0; i < tokens.length; i += tokensAtOnce)
        yield {steps: [step, step], inits: [init], tokens: tokens.slice(i, i + tokensAtOnce)};
}

async function bytesOf(reader: TraceReader, site: string, slice: SliceOptions): Promise<Uint8Array> {
  const {buffer, byteOffset, byteLength} = (await reader.readSite(site, slice)).data;
  return new Uint8Array(buffer, byteOffset, byteLength);
}
