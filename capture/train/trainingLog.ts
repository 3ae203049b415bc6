import {appendFile} from "node:fs/promises";
import {join} from "node:path";
import {ifThere} from "../trace/ifThere.ts";
import {openFile} from "../trace/openFile.ts";
import {diskFault} from "../trace/refusal.ts";
import {replaceFile} from "../trace/replaceFile.ts";
import {TraceFormatError} from "../trace/safetensorsHeader.ts";
import {logLineSchema, type LogLine} from "./logLine.ts";

export const LOG_FILE = "log.jsonl";

const lineOf = (line: LogLine): string => `${JSON.stringify(line)}\n`;

const MAX_LOG_BYTES = 2 ** 28; // a million updates

export const appendLog = (dir: string, line: LogLine): Promise<void> =>
  appendFile(join(dir, LOG_FILE), lineOf(line)).catch((error: unknown) => {
    throw diskFault(error, dir);
  });

/** What a log says, and which of its lines, by number from 1, cannot be read. */
export interface TrainingLog {
  readonly lines: LogLine[];
  readonly damage: string[];
}

/** A run's log; empty where there is none. A last line that was not written to its end is left out. Throws a TraceFormatError for what is no file of that size. */
export async function readLog(dir: string): Promise<TrainingLog> {
  const path = join(dir, LOG_FILE);
  const text = await textOf(path);
  const whole = text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .slice(0, -1);
  const log: TrainingLog = {lines: [], damage: []};
  for (const [i, line] of whole.entries()) {
    const read = logLine(line);
    if (read) log.lines.push(read);
    else log.damage.push(`${LOG_FILE} line ${i + 1} cannot be read`);
  }
  return log;
}

async function textOf(path: string): Promise<string> {
  const file = await ifThere(openFile(path), null);
  if (file === null) return "";
  if (!file) throw new TraceFormatError(`invalid ${path}: not a file`);
  try {
    const {size} = await file.stat();
    if (size > MAX_LOG_BYTES) throw new TraceFormatError(`invalid ${path}: ${size} bytes; at most ${MAX_LOG_BYTES}`);
    return Buffer.from(await file.readFile()).toString("utf8");
  } finally {
    await file.close();
  }
}

function logLine(line: string): LogLine | undefined {
  try {
    return logLineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined; // told by its number
  }
}

/** Leaves what the log says up to an update, where a run goes on from it; nothing where no state was saved yet (`update` −1). */
export async function cutLog(dir: string, update: number): Promise<void> {
  const {lines} = await readLog(dir);
  await replaceFile(
    join(dir, LOG_FILE),
    lines
      .filter((line) => line.update <= update)
      .map(lineOf)
      .join("")
  );
}
