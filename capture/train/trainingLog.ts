import {appendFile, readFile} from "node:fs/promises";
import {join} from "node:path";
import {z} from "zod";
import {ifThere} from "../trace/ifThere.ts";
import {replaceFile} from "../trace/replaceFile.ts";
import {TraceFormatError} from "../trace/safetensorsHeader.ts";

const byDepth = z.record(z.string(), z.number().nullable());

/** What is seen of the model on rows that it was not trained on. */
export const measuredSchema = z.object({
  /** Share of right answers by the number of steps. */
  accuracy: byDepth,
  /** The same for each kind of position; null where the rows hold none. */
  by_kind: z.record(z.string(), byDepth),
  /** How alike the tokens' states are at the deepest depth; see tokenCorrelation. */
  correlation: z.number().nullable(),
  /** Root mean square of the states' numbers there. */
  state_norm: z.number().nullable(),
  /** Modulus of the core step's leading eigenvalue there, over the whole first row; null where it is not to be had. */
  eigenvalue: z.number().nullable()
});
export type Measured = z.infer<typeof measuredSchema>;

/** A line of log.jsonl. Update 0 is the model before training. */
export const logLineSchema = z.object({
  update: z.number().int().min(0),
  loss: z.number().nullable(),
  /** Length of all gradients together, before clipping. */
  gradient_norm: z.number().nullable(),
  rate: z.number().nullable(),
  /** Steps of the update without a gradient, and with one. */
  before: z.number().int().nullable(),
  through: z.number().int().nullable(),
  measured: measuredSchema.nullable()
});
export type LogLine = z.infer<typeof logLineSchema>;

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
