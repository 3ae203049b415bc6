import {createHash} from "node:crypto";
import {createReadStream} from "node:fs";
import {stat} from "node:fs/promises";
import type {z} from "zod";
import {parseJson} from "../../capture/trace/json.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {checkLine} from "../contract/checkLine.ts";

/**
 * Files of JSON lines that grow for hours, a line for each of many things by its `index`. Every line carries its own hash, so that one which was cut,
 * split, joined to another or changed is noticed, and costs nothing but itself.
 */

const HASH_DIGITS = 16;
const SEAL = new RegExp(`,"sha256":"([0-9a-f]{${HASH_DIGITS}})"\\}$`);
const LINE_BREAK = 10;

const hashOf = (json: string): string => createHash("sha256").update(json).digest("hex").slice(0, HASH_DIGITS);

/** An object's JSON with its own hash as the last member, `sha256`. */
export const sealedLine = (json: string): string => `${json.slice(0, -1)},"sha256":"${hashOf(json)}"}`;

/** The JSON that was sealed; a line without a seal, as earlier ones were written, as it is. Throws a Refusal that begins with `where` for one that was changed. */
export function unsealed(line: string, where: string): string {
  const seal = SEAL.exec(line);
  if (!seal) return line;
  const json = `${line.slice(0, seal.index)}}`;
  if (hashOf(json) !== seal[1])
    throw new Refusal(`invalid ${where}: its sha256 is ${hashOf(json)}; the line says ${seal[1]}`, {kind: "damaged"});
  return json;
}

/** What a line holds, or what is wrong where it should be. */
export type KeptLine<T> =
  | {
      readonly index: number;
      readonly value: T;
      /** The line as it stands in the file. */
      readonly text: string;
      /** Bytes of the file before the line, and up to and with its line break. */
      readonly start: number;
      readonly end: number;
      /** Lines of the file up to and with it. */
      readonly lines: number;
    }
  | {
      /** Undefined for what takes nobody's place. */
      readonly index: number | undefined;
      readonly damage: string;
      readonly end: number;
      readonly lines: number;
    };

export interface KeptLinesOptions<T> {
  readonly schema: z.ZodType<T>;
  /** How many there are to be; defaults to any number. */
  readonly count?: number;
  /** Where to begin, at the first byte of a line: the bytes, the lines and the indices before it; each defaults to 0. */
  readonly start?: number;
  readonly lines?: number;
  readonly first?: number;
}

/**
 * The values of a file in the order of their indices; what cannot be read, or is missing between two that can, is given as `damage`, a line of text that names
 * the file's line. What stands behind the last line break is left out. Nothing where there is no file.
 */
export async function* keptLines<T extends {readonly index: number}>(
  path: string,
  {schema, count = Infinity, start = 0, lines = 0, first = 0}: KeptLinesOptions<T>
): AsyncGenerator<KeptLine<T>, void, undefined> {
  let next = first;
  let number = lines;
  let before = start;
  let bad: string[] = []; // since the last one that could be read
  for await (const {text, end} of wholeLines(path, {start})) {
    const where = `${path} line ${++number}`;
    const begin = before;
    before = end;
    const value = valueOrDamage(text, where, schema);
    if (typeof value === "string") bad.push(value);
    else if (value.index < next || value.index >= count) bad.push(`invalid ${where}: index ${value.index}; expected ${next}`);
    else {
      const place = {end, lines: number};
      if (next === value.index) for (const damage of bad) yield {index: undefined, damage, ...place};
      for (let i = 0; next < value.index; ++i, ++next)
        yield {
          index: next,
          damage: bad[Math.min(i, bad.length - 1)] ?? `invalid ${where}: index ${value.index}; expected ${next}`,
          ...place
        };
      bad = [];
      yield {index: next++, value, text, start: begin, ...place};
    }
  }
  for (const damage of bad) yield {index: next < count ? next++ : undefined, damage, end: before, lines: number};
}

/** The value, or what is wrong with the line. */
function valueOrDamage<T>(line: string, where: string, schema: z.ZodType<T>): T | string {
  try {
    return keptValue(line, where, schema);
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

/** What a sealed line holds; throws a Refusal that names the line by `where`. */
export function keptValue<T>(line: string, where: string, schema: z.ZodType<T>): T {
  const json = unsealed(line, where);
  let value: unknown;
  try {
    value = parseJson(json);
  } catch (cause) {
    throw new Refusal(`invalid ${where}: ${(cause as Error).message}`, {kind: "damaged", cause});
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Refusal(`invalid ${where}: ${checkLine(parsed.error, value)}`, {kind: "damaged"});
  return parsed.data;
}

/** A line that was written to its end. */
interface WholeLine {
  readonly text: string;
  /** Bytes of the file up to and with its line break. */
  readonly end: number;
}

/**
 * The whole lines of a file, which may be larger than memory, from the byte `start` on, where a line must begin; what stands behind the last line break
 * is left out. None where there is no file.
 */
export async function* wholeLines(path: string, {start = 0}: {readonly start?: number} = {}): AsyncGenerator<WholeLine, void, undefined> {
  let pieces: Buffer[] = [];
  let end = start;
  try {
    if (!(await stat(path)).isFile()) throw new Refusal(`invalid ${path}: not a file`, {kind: "damaged"}); // a pipe's reader waits for a writer
    for await (const chunk of createReadStream(path, {start}) as AsyncIterable<Buffer>) {
      let from = 0;
      for (let at = chunk.indexOf(LINE_BREAK); at >= 0; at = chunk.indexOf(LINE_BREAK, from)) {
        pieces.push(chunk.subarray(from, at));
        const text = Buffer.concat(pieces);
        end += text.length + 1;
        yield {text: text.toString("utf8"), end};
        pieces = [];
        from = at + 1;
      }
      if (from < chunk.length) pieces.push(chunk.subarray(from));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
