import {createWriteStream, existsSync} from "node:fs";
import {rename, rm, truncate} from "node:fs/promises";
import {dirname, join} from "node:path";
import {pipeline} from "node:stream/promises";
import {passingName} from "../../capture/trace/processIdentity.ts";
import {keptLines, sealedLine, type KeptLinesOptions} from "./keptLines.ts";

/** How far a file of kept lines is whole. */
export interface LinesState {
  /** The first so many are there, damaged ones among them. */
  readonly finished: number;
  /** Those of them that cannot be read, by index. */
  readonly damaged: readonly number[];
  /** Whether there are lines that cannot be read, in somebody's place or beside. */
  readonly isDamaged: boolean;
}

/** Cuts off what stands behind the last line break, as a kill leaves it, and tells what the rest holds; `each` takes those that can be read. */
export async function cutToWholeLines<T extends {readonly index: number}>(
  path: string,
  options: KeptLinesOptions<T>,
  each: (value: T) => void = () => {}
): Promise<LinesState> {
  const damaged: number[] = [];
  let isDamaged = false;
  let finished = 0;
  let bytes = 0;
  for await (const line of keptLines(path, options)) {
    if ("value" in line) each(line.value);
    else {
      isDamaged = true;
      if (line.index !== undefined) damaged.push(line.index);
    }
    if (line.index !== undefined) finished = line.index + 1;
    bytes = line.end;
  }
  if (existsSync(path)) await truncate(path, bytes);
  return {finished, damaged, isDamaged};
}

/** Writes a file anew, the lines that can be read as they are and the others as they are given, JSON by index; it is in its place once it is whole. */
export async function mendLines<T extends {readonly index: number}>(
  path: string,
  options: KeptLinesOptions<T>,
  again: ReadonlyMap<number, string>
): Promise<void> {
  const temporary = join(dirname(path), passingName());
  try {
    await pipeline(async function* () {
      for await (const line of keptLines(path, options)) {
        const json = line.index === undefined ? undefined : again.get(line.index);
        if ("value" in line) yield `${line.text}\n`;
        else if (json !== undefined) yield `${sealedLine(json)}\n`;
      }
    }, createWriteStream(temporary));
    await rename(temporary, path);
  } finally {
    await rm(temporary, {force: true});
  }
}
