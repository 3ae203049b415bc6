import {mkdir, rm} from "node:fs/promises";
import {join} from "node:path";
import {errorLine} from "../../../capture/errorLine.ts";
import {Refusal} from "../../../capture/trace/refusal.ts";
import {hostileKinds, keepWholeFilesIn} from "./kinds.ts";
import {drawFrom} from "./mutate.ts";

/** What became of one broken file. */
export interface Outcome {
  readonly kind: string;
  readonly seed: number;
  readonly bytes: number;
  readonly milliseconds: number;
  /** Of the processor: on a busy machine only this is about the file. */
  readonly busyMilliseconds: number;
  /** By how much the process's memory grew while it was read, at its largest, in bytes. */
  readonly grown: number;
  /** The line that a person sees; undefined where the file was read. */
  readonly line?: string;
  /** The stack of an error that is no refusal: a bug of ours. */
  readonly bug?: string;
}

const FILES_A_COLLECTION = 25; // what is garbage until then counts as memory

/** Writes and reads broken files of a kind, by their seeds; each in an empty folder of its own below `folder`. */
export async function* tryFiles(kind: string, seeds: Iterable<number>, folder: string): AsyncGenerator<Outcome, void, undefined> {
  keepWholeFilesIn(join(folder, "base"));
  await mkdir(join(folder, "base"), {recursive: true});
  for (const seed of seeds) {
    const dir = join(folder, "file");
    await rm(dir, {recursive: true, force: true});
    await mkdir(dir);
    const {write, read} = hostileKinds[kind];
    const bytes = await write(drawFrom(seed), dir);
    if (seed % FILES_A_COLLECTION === 0) (globalThis as {gc?: () => void}).gc?.();
    const before = process.memoryUsage.rss();
    const peak = process.resourceUsage().maxRSS;
    const busy = process.cpuUsage();
    const begun = performance.now();
    const error: unknown = await read(dir).then(
      () => undefined,
      (thrown: unknown) => thrown
    );
    const {user, system} = process.cpuUsage(busy);
    const {maxRSS} = process.resourceUsage();
    yield {
      kind,
      seed,
      bytes,
      milliseconds: performance.now() - begun,
      busyMilliseconds: (user + system) / 1000,
      grown: Math.max(0, (maxRSS > peak ? 1024 * maxRSS : process.memoryUsage.rss()) - before),
      ...(error !== undefined && {line: errorLine(error)}),
      ...(error !== undefined && !(error instanceof Refusal) && {bug: (error as Error).stack ?? String(error)})
    };
  }
}
