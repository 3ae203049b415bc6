import {createWriteStream} from "node:fs";
import {mkdir, readdir, rm, stat} from "node:fs/promises";
import {join} from "node:path";
import type {Readable} from "node:stream";
import {pipeline} from "node:stream/promises";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {MAX_UPLOAD_BYTES} from "../contract/choices.ts";

const STALE_MS = 24 * 3600 * 1000; // an upload that nobody finished in a day was given up

/** Files on their way to become runs, each upload in a folder of its own. Names are checked by whoever calls. */
export interface Uploads {
  /** Writes a file as it comes, never more than there may be; what was cut off is not left. */
  write(upload: string, file: string, body: Readable, now: Date): Promise<void>;
  folderOf(upload: string): string;
  remove(upload: string): Promise<void>;
}

export function createUploads(folder: string, {most = MAX_UPLOAD_BYTES}: {readonly most?: number} = {}): Uploads {
  const folderOf = (upload: string): string => join(folder, upload);
  return {
    folderOf,
    async write(upload, file, body, now) {
      await removeStale(folder, now);
      const dir = folderOf(upload);
      await mkdir(dir, {recursive: true});
      const path = join(dir, file);
      let left = most - (await bytesIn(dir, file));
      try {
        await pipeline(
          body,
          async function* (pieces: AsyncIterable<Buffer>) {
            for await (const piece of pieces) {
              left -= piece.length;
              if (left < 0)
                throw new Refusal(`upload too large: more than ${most} bytes; bring the folder to this machine and use orrery import`, {
                  kind: "heavy"
                });
              yield piece;
            }
          },
          createWriteStream(path)
        );
      } catch (error) {
        await rm(path, {force: true});
        throw error;
      }
    },
    remove: (upload) => rm(folderOf(upload), {recursive: true, force: true})
  };
}

/** What the other files of an upload take. */
async function bytesIn(dir: string, except: string): Promise<number> {
  const names = (await readdir(dir)).filter((name) => name !== except);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(dir, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function removeStale(folder: string, now: Date): Promise<void> {
  for (const name of await ifThere(readdir(folder), [])) {
    const path = join(folder, name);
    const found = await ifThere(stat(path), undefined);
    if (found && now.getTime() - found.mtimeMs > STALE_MS) await rm(path, {recursive: true, force: true});
  }
}
