import {createWriteStream} from "node:fs";
import {pipeline} from "node:stream/promises";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {refuseFullDisk} from "../../capture/trace/writer.ts";
import {headerOf} from "../../capture/trace/safetensorsHeader.ts";
import type {Telling} from "./telling.ts";
import {bytesOfAll, counted, traceArrays, traceTexts} from "./traceArrays.ts";

/** Writes one bare safetensors file: every tensor of the run bit for bit, and trace.json as metadata, so that importing it gives the same trace. */
export async function exportSafetensors(reader: TraceReader, path: string, {progress}: Telling = {}): Promise<void> {
  const arrays = await traceArrays(reader);
  const header = headerOf(arrays, {metadata: await traceTexts(reader, arrays)});
  await refuseFullDisk(path, bytesOfAll(arrays), "the file takes");
  const bytesOf = counted(arrays, progress);
  await pipeline(
    async function* () {
      yield header;
      for (const array of arrays) yield* bytesOf(array);
    },
    createWriteStream(path, {flags: "wx"})
  );
}
