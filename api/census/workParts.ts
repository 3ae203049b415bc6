import {spawn} from "node:child_process";
import {dirname} from "node:path";
import {Refusal} from "../../capture/trace/refusal.ts";
import {isBucket} from "../files/bucket/bucketAddress.ts";
import {sweepPassing} from "../files/passing.ts";
import {doneShards, shardFile, shardsOf, type OpenCensus} from "./censusFolder.ts";
import {shardAt, workShard, type ShardOptions} from "./workShard.ts";

/** One of several equal parts of a census's shards: every `of`-th from the `part`-th on, both counted from 1. */
export interface Part {
  readonly part: number;
  readonly of: number;
}

/** A part as one writes it, `2/8`. Throws a Refusal for anything else. */
export function parsePart(text: string): Part {
  const [, part, of] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (!(part >= 1 && part <= of)) throw new Refusal(`invalid part: ${text}; expected I/N with I from 1 to N, as in 2/8`);
  return {part, of};
}

/** Makes the shards of one part that are not done yet. Parts need not know of one another; two that make the same shard write the same bytes. */
export async function workPart(census: OpenCensus, {part, of}: Part, options: ShardOptions): Promise<void> {
  if (!isBucket(census.dir)) await sweepPassing(dirname(shardFile(census.dir, 0)));
  const done = await doneShards(census.dir);
  for (let shard = part - 1; shard < shardsOf(census.manifest); shard += of)
    if (!done.has(shard)) await workShard(census, shardAt(census, shard), options);
}

/** Runs all parts, each in a process of its own that `command` begins. Rejects with the first one's error when the others were told to end. */
export async function workInProcesses(
  command: (part: Part) => readonly string[],
  {of, signal, onPrompt}: {readonly of: number; readonly signal?: AbortSignal; readonly onPrompt?: () => void}
): Promise<void> {
  const abort = new AbortController();
  const ends = AbortSignal.any(signal ? [abort.signal, signal] : [abort.signal]);
  const one = (part: number) =>
    new Promise<void>((resolve, reject) => {
      const [file, ...args] = command({part, of});
      const child = spawn(file, args, {stdio: ["ignore", "ignore", "pipe", "ipc"]});
      const stop = () => child.kill("SIGTERM");
      ends.addEventListener("abort", stop, {once: true});
      let last = "";
      child.stderr!.setEncoding("utf8").on("data", (text: string) => {
        last = (last + text).slice(-2000);
      });
      child.on("message", () => onPrompt?.());
      child.on("error", reject);
      child.on("exit", (code, killed) => {
        ends.removeEventListener("abort", stop);
        if (code === 0) resolve();
        else reject(new Error(last.trim().split("\n").at(-1) || `worker ${part}/${of} ended: ${killed ?? `exit ${code}`}`));
      });
    });
  const parts = Array.from({length: of}, (_, i) =>
    one(i + 1).catch((error: unknown) => {
      abort.abort();
      throw error;
    })
  );
  const ended = await Promise.allSettled(parts);
  signal?.throwIfAborted();
  const failed = ended.find((end) => end.status === "rejected");
  if (failed) throw failed.reason;
}
