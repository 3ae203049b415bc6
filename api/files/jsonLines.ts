import {open} from "node:fs/promises";
import type {z} from "zod";
import {decodeText} from "../../capture/trace/decodeText.ts";
import {parseJson} from "../../capture/trace/json.ts";
import {isLfsPointer, LFS_POINTER} from "../../capture/trace/lfsPointer.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {checkLine, shown} from "../contract/checkLine.ts";

interface JsonLinesOptions<T> {
  /** What the file is called in errors, such as `prompt file`. */
  readonly what: string;
  readonly schema: z.ZodType<T>;
  /** What a line should be, such as `{"prompt": …}`. */
  readonly expected: string;
  /** Lines at most. */
  readonly most: number;
  /** What the file is called in errors about its lines; defaults to its path. */
  readonly name?: string;
}

const MAX_BYTES = 256 * 2 ** 20; // a hundred thousand prompts of 2,600 bytes

/**
 * Reads a file of JSON values, one a line: a byte order mark is heeded, lines may end as on any system, empty ones count for nothing. Throws an
 * Refusal that names the file, or its first broken line.
 */
export const readJsonLines = async <T>(path: string, options: JsonLinesOptions<T>): Promise<T[]> =>
  (await readNumberedLines(path, options)).map(({value}) => value);

/** The same, each value with its line's number, from 1. */
export async function readNumberedLines<T>(
  path: string,
  {what, schema, expected, most, name = path}: JsonLinesOptions<T>
): Promise<{readonly line: number; readonly value: T}[]> {
  const text = await textOf(path, {what, name});
  const values: {line: number; value: T}[] = [];
  for (const [i, line] of text.split(/\r\n?|\n/).entries()) {
    if (line.trim() === "") continue; // trim takes the mark away, too, should it stand alone
    if (values.length === most) throw new Refusal(`invalid ${what}: ${name} holds more than ${most} lines`);
    values.push({line: i + 1, value: lineValue(line, `${name} line ${i + 1}`, {schema, expected})});
  }
  if (values.length === 0) throw new Refusal(`invalid ${what}: ${name} holds nothing; expected ${expected} a line`);
  return values;
}

async function textOf(path: string, {what, name}: {readonly what: string; readonly name: string}): Promise<string> {
  const file = await open(path, "r").catch((cause: NodeJS.ErrnoException) => {
    throw new Refusal(cause.code === "ENOENT" ? `missing ${what}: ${name}` : `invalid ${what}: ${name}: ${cause.message}`, {cause});
  });
  try {
    const status = await file.stat();
    if (status.isDirectory()) throw new Refusal(`invalid ${what}: ${name} is a folder; expected a file`);
    const {size} = status;
    if (size > MAX_BYTES) throw new Refusal(`invalid ${what}: ${name} has ${size} bytes; at most ${MAX_BYTES}`);
    const bytes = await file.readFile().catch((cause: NodeJS.ErrnoException) => {
      throw new Refusal(`invalid ${what}: ${name}: ${cause.message}`, {cause});
    });
    if (isLfsPointer(bytes)) throw new Refusal(`invalid ${what}: ${name}: ${LFS_POINTER}`);
    return decodeText(bytes);
  } finally {
    await file.close();
  }
}

function lineValue<T>(line: string, where: string, {schema, expected}: Pick<JsonLinesOptions<T>, "schema" | "expected">): T {
  let value: unknown;
  try {
    value = parseJson(line);
  } catch (cause) {
    throw new Refusal(`invalid ${where}: ${(cause as Error).message}; expected ${expected}`, {cause});
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [{path, code}] = parsed.error.issues;
    const isOther = path.length === 0 && (code === "invalid_type" || code === "invalid_union");
    throw new Refusal(`invalid ${where}: ${isOther ? `${shown(value)}; expected ${expected}` : checkLine(parsed.error, value)}`);
  }
  return parsed.data;
}
