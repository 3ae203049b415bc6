import {createWriteStream} from "node:fs";
import {readdir, rename, rm, stat} from "node:fs/promises";
import {join} from "node:path";
import type {Readable} from "node:stream";
import {pipeline} from "node:stream/promises";
import {ensureFolder} from "../../capture/trace/ensureFolder.ts";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {passingName} from "../../capture/trace/processIdentity.ts";
import {diskFault, Refusal} from "../../capture/trace/refusal.ts";
import {MAX_UPLOAD_BYTES} from "../contract/choices.ts";
import {sweepPassing} from "../files/passing.ts";
import type {Owner} from "../queue/fairPlace.ts";

const STALE_MS = 24 * 3600 * 1000; // an upload that nobody finished in a day was given up
const NOBODY = "~"; // no person can be named so

/** An upload: whose it is, and its name among theirs. Nobody reaches another's. */
interface UploadPlace {
  readonly owner: Owner;
  readonly upload: string;
}

/** Files on their way to become runs, each upload in a folder of its own. Names are checked by whoever calls. */
export interface Uploads {
  /** Writes a file as it comes, never more than there may be, nor than there is `room` for; what was cut off is not left. */
  write(
    place: UploadPlace,
    file: string,
    body: Readable,
    options: {readonly now: Date; readonly room: () => Promise<number>}
  ): Promise<void>;
  folderOf(place: UploadPlace): string;
  remove(place: UploadPlace): Promise<void>;
  /**
   * Takes what was sent, whole, for one who asks for it: `use` is given its folder, which is gone after unless it says `keep`. Throws a 404 Refusal where
   * there is none (any more).
   */
  take<T>(place: UploadPlace, use: (folder: string, keep: () => void) => Promise<T>): Promise<T>;
  /** What the uploads of somebody take on the disk. */
  bytesOf(owner: Owner): Promise<number>;
  /** Removes what dead processes were receiving or importing; files that came whole stay, for an upload that goes on. */
  sweep(): Promise<void>;
}

export function createUploads(folder: string, {most = MAX_UPLOAD_BYTES}: {readonly most?: number} = {}): Uploads {
  const taken = new Map<Owner, number>(); // bytes that each has ever sent: several uploads at once share one's room
  const takenBy = (owner: Owner): number => taken.get(owner) ?? 0;
  const ownerFolder = (owner: Owner): string => join(folder, owner ?? NOBODY);
  const folderOf = ({owner, upload}: UploadPlace): string => join(ownerFolder(owner), upload);
  return {
    folderOf,
    remove: (place) => rm(folderOf(place), {recursive: true, force: true}),
    async write(place, file, body, {now, room: roomNow}) {
      const {owner} = place;
      const before = takenBy(owner);
      const room = await roomNow();
      for (const name of await ifThere(readdir(folder), [])) await removeStale(join(folder, name), now);
      const dir = folderOf(place);
      await ensureFolder(dir);
      const allowed = most - (await bytesIn(dir, file));
      let size = 0;
      const counted = (bytes: number): void => {
        size += bytes;
        taken.set(owner, takenBy(owner) + bytes);
        if (size > allowed)
          throw new Refusal(`upload too large: more than ${most} bytes; bring the folder to this machine and use orrery import`, {
            kind: "heavy"
          });
        if (takenBy(owner) - before > room)
          throw new Refusal(`too little disk: ${owner}'s runs leave room for ${room} bytes more`, {kind: "full"});
      };
      await receive(body, {dir, file, counted}).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT")
          throw new Refusal(`invalid upload: ${place.upload} was imported before all of it was there`, {kind: "conflict", cause: error});
        throw diskFault(error, file);
      });
    },
    async take(place, use) {
      const taken = join(ownerFolder(place.owner), passingName());
      await rename(folderOf(place), taken).catch((cause: NodeJS.ErrnoException) => {
        throw cause.code === "ENOENT" ? new Refusal(`unknown upload: ${place.upload}`, {kind: "unknown", cause}) : diskFault(cause);
      });
      let kept = false;
      try {
        return await use(taken, () => {
          kept = true;
        });
      } finally {
        if (kept) await rename(taken, folderOf(place)).catch(() => {}); // or the name was sent again meanwhile
        await rm(taken, {recursive: true, force: true});
      }
    },
    async bytesOf(owner) {
      const names = await ifThere(readdir(ownerFolder(owner)), []);
      const sizes = await Promise.all(names.map((upload) => bytesIn(join(ownerFolder(owner), upload))));
      return sizes.reduce((sum, size) => sum + size, 0);
    },
    async sweep() {
      for (const owner of await namesIn(folder)) {
        await sweepPassing(join(folder, owner));
        for (const upload of await namesIn(join(folder, owner))) await sweepPassing(join(folder, owner, upload));
      }
    }
  };
}

/** None where there is no folder, or a file in its place. */
const namesIn = (dir: string): Promise<readonly string[]> => readdir(dir).catch(() => []);

interface Receipt {
  readonly dir: string;
  readonly file: string;
  /** Told the size of every piece before it is written; throws where that is too much. */
  readonly counted: (bytes: number) => void;
}

/** Writes a file as it comes; it bears its name once it is whole, and nothing is left where it is not. */
async function receive(body: Readable, {dir, file, counted}: Receipt): Promise<void> {
  const path = join(dir, passingName()); // nobody imports half of it
  try {
    await pipeline(
      body.iterator({destroyOnReturn: false}) as AsyncIterable<Buffer>, // who sends it is to be told what was wrong
      async function* (pieces: AsyncIterable<Buffer>) {
        for await (const piece of pieces) {
          counted(piece.length);
          yield piece;
        }
      },
      createWriteStream(path)
    );
    await rename(path, join(dir, file));
  } catch (error) {
    await rm(path, {force: true});
    throw error;
  }
}

/** What the files of an upload take, but for one of them. */
async function bytesIn(dir: string, except?: string): Promise<number> {
  const names = (await ifThere(readdir(dir), [])).filter((name) => name !== except);
  const sizes = await Promise.all(names.map((name) => ifThere(stat(join(dir, name)), undefined)));
  return sizes.reduce((sum, found) => sum + (found?.size ?? 0), 0);
}

async function removeStale(folder: string, now: Date): Promise<void> {
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    const found = await ifThere(stat(path), undefined);
    if (found && now.getTime() - found.mtimeMs > STALE_MS) await rm(path, {recursive: true, force: true});
  }
}
