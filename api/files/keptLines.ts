import {createReadStream} from "node:fs";
import {parseJson} from "../../capture/trace/json.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {checkLine} from "../contract/checkLine.ts";
import {promptResultSchema, type PromptResult} from "../contract/experimentSchemas.ts";

/** A line of a results file that was written to its end. */
export interface ResultLine {
  readonly text: string;
  /** Bytes of the file up to and with its line break. */
  readonly end: number;
}

const LINE_BREAK = 10;

/**
 * The whole lines of a results file, which may be larger than memory, from the byte `start` on, where a line must begin; what stands behind the last line break
 * is left out. None where there is no file.
 */
export async function* resultLines(path: string, {start = 0}: {readonly start?: number} = {}): AsyncGenerator<ResultLine, void, undefined> {
  let pieces: Buffer[] = [];
  let end = start;
  try {
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

/**
 * The results of a file from the line `first` on that begins at the byte `start`. A line that cannot be read, or holds another prompt's
 * result, is given as `damage`, which says so, and takes no other line with it.
 */
export async function* resultsIn(
  path: string,
  {start = 0, first = 0}: {readonly start?: number; readonly first?: number} = {}
): AsyncGenerator<ResultLine & ({readonly result: PromptResult} | {readonly damage: string}), void, undefined> {
  let index = first;
  for await (const line of resultLines(path, {start})) {
    const where = `${path} line ${index + 1}`;
    try {
      const result = resultOf(line.text, where);
      yield result.index === index
        ? {...line, result}
        : {...line, damage: `invalid ${where}: result of prompt ${result.index}; expected ${index}`};
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      yield {...line, damage: error.message};
    }
    ++index;
  }
}

/** A line as the result it holds; throws an Error that names the line by `where`. */
export function resultOf(line: string, where: string): PromptResult {
  let value: unknown;
  try {
    value = parseJson(line);
  } catch (cause) {
    throw new Refusal(`invalid ${where}: ${(cause as Error).message}`, {kind: "damaged", cause});
  }
  const parsed = promptResultSchema.safeParse(value);
  if (!parsed.success) throw new Refusal(`invalid ${where}: ${checkLine(parsed.error, value)}`, {kind: "damaged"});
  return parsed.data;
}
