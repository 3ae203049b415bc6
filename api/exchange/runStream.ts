import {createWriteStream} from "node:fs";
import type {Readable} from "node:stream";
import {pipeline} from "node:stream/promises";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {refuseFullDisk} from "../../capture/trace/writer.ts";

/** A run as the bytes of a file, which are made as they are read: a file of any size costs little memory, and no disk where it goes elsewhere. */
export interface RunStream {
  /** How many they will be; undefined where only their making tells. */
  readonly bytes?: number;
  readonly pieces: Readable;
}

/** Begins a stream; what is refused is refused before its first byte. */
export type Streamer<O> = (reader: TraceReader, options: O) => Promise<RunStream>;

/** Writes what a stream gives as a new file. Throws a Refusal, with both numbers, where the disk has no room for it. */
export const intoFile =
  <O>(streamOf: Streamer<O>) =>
  async (reader: TraceReader, path: string, options: O): Promise<void> => {
    const {bytes, pieces} = await streamOf(reader, options);
    if (bytes !== undefined)
      await refuseFullDisk(path, bytes, "the file takes").catch((error: Error) => {
        pieces.destroy();
        throw error;
      });
    await pipeline(pieces, createWriteStream(path, {flags: "wx"}));
  };
