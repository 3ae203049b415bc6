import {createReadStream} from "node:fs";
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

/** A line as the result it holds; throws an Error that names the line by `where`. */
export function resultOf(line: string, where: string): PromptResult {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new Refusal(`invalid ${where}: not JSON`, {kind: "damaged", cause});
  }
  const parsed = promptResultSchema.safeParse(value);
  if (!parsed.success) throw new Refusal(`invalid ${where}: ${checkLine(parsed.error, value)}`, {kind: "damaged"});
  return parsed.data;
}
