import {Readable} from "node:stream";
import {pipeline} from "node:stream/promises";
import type {Response} from "express";
import type {TraceReader} from "../../../capture/trace/reader.ts";
import {TOP_IDS} from "../../../capture/trace/readoutNames.ts";
import {encodeSafetensors} from "../../../capture/trace/safetensors.ts";
import {countOf, headerOf} from "../../../capture/trace/safetensorsHeader.ts";
import {checkRange, type StepRange} from "../../analyses/stepSlice.ts";
import {sendTensors} from "./sendBytes.ts";
import {PART_NUMBERS} from "./sendStates.ts";

/** Some rows of one of its tensors. */
interface Part {
  readonly name: string;
  readonly slab: readonly number[];
  readonly first: number;
  readonly end: number;
}

/** Sends a readout as it was captured, some steps of it or all: a small one in one go, with a tag, a larger one part by part. Throws a Refusal as stepSlice does. */
export async function sendReadout(response: Response, reader: TraceReader, {from = 0, to = Infinity}: StepRange): Promise<void> {
  const shapes = [...((await reader.readoutShapes()) ?? [])];
  const steps = Math.max(0, ...shapes.map(([, [rows]]) => rows));
  const isRange = from > 0 || to < Infinity;
  if (isRange) checkRange({from, to}, {firstStep: 0, steps});
  const parts = shapes.map(([name, [rows, ...slab]]): Part => ({name, slab, first: Math.min(from, rows), end: Math.min(to + 1, rows)}));
  const metadata = {lens: String(reader.trace.readout?.lens), ...(isRange && {steps: String(steps)})};
  const numbers = parts.reduce((sum, part) => sum + numbersOf(part), 0);
  if (numbers <= PART_NUMBERS) {
    const tensors = await Promise.all(
      parts.map(async (part) => [part.name, {shape: shapeOf(part), data: await dataOf(reader, part)}] as const)
    );
    return sendTensors(response, encodeSafetensors(Object.fromEntries(tensors), metadata));
  }
  const header = headerOf(
    parts.map((part) => ({name: part.name, dtype: part.name === TOP_IDS ? "I32" : "F32", shape: shapeOf(part)})),
    {metadata}
  );
  response.type("application/octet-stream").set("content-length", String(header.length + numbers * Float32Array.BYTES_PER_ELEMENT));
  async function* bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    yield header;
    for (const part of parts)
      for (const piece of piecesOf(part)) {
        const {buffer, byteOffset, byteLength} = await dataOf(reader, piece);
        yield new Uint8Array(buffer, byteOffset, byteLength);
      }
  }
  await pipeline(Readable.from(bytes(), {objectMode: false}), response);
}

const shapeOf = ({slab, first, end}: Part): readonly number[] => [end - first, ...slab];
const numbersOf = (part: Part): number => countOf(shapeOf(part));

/** Its rows in pieces of at most PART_NUMBERS, or of one row where that is larger. */
function* piecesOf(part: Part): Generator<Part, void, undefined> {
  const rows = Math.max(1, Math.floor(PART_NUMBERS / Math.max(1, countOf(part.slab))));
  for (let first = part.first; first < part.end; first += rows) yield {...part, first, end: Math.min(part.end, first + rows)};
}

async function dataOf(reader: TraceReader, {name, first, end}: Part): Promise<Float32Array | Int32Array> {
  const {data} = (await reader.readReadout([name], {first, end}))![name];
  return name === TOP_IDS ? Int32Array.from(data) : data;
}
