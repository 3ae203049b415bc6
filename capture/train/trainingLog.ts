import {appendFile, readFile} from "node:fs/promises";
import {join} from "node:path";
import {ifThere} from "../trace/ifThere.ts";
import {replaceFile} from "../trace/replaceFile.ts";
import {TraceFormatError} from "../trace/safetensorsHeader.ts";
import {logLineSchema, type LogLine} from "./logLine.ts";

export const LOG_FILE = "log.jsonl";

const lineOf = (line: LogLine): string => `${JSON.stringify(line)}\n`;

export const appendLog = (dir: string, line: LogLine): Promise<void> => appendFile(join(dir, LOG_FILE), lineOf(line));

/** The lines of a run's log; none where there is no log. A last line that was not written to its end is left out. */
export async function readLog(dir: string): Promise<LogLine[]> {
  const path = join(dir, LOG_FILE);
  const text: string = await ifThere(readFile(path, "utf8"), "");
  const whole = text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .slice(0, -1);
  return whole.map((line, i) => {
    try {
      return logLineSchema.parse(JSON.parse(line));
    } catch (cause) {
      throw new TraceFormatError(`invalid ${path}: line ${i + 1} is no line of a training log`, {cause});
    }
  });
}

/** Leaves what the log says up to an update, where a run goes on from it. */
export async function cutLog(dir: string, update: number): Promise<void> {
  const lines = await readLog(dir);
  await replaceFile(
    join(dir, LOG_FILE),
    lines
      .filter((line) => line.update <= update)
      .map(lineOf)
      .join("")
  );
}
