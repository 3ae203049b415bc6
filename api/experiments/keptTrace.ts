import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {TRACE_FILE} from "../../capture/trace/writer.ts";
import type {ExperimentSpec} from "../contract/experimentSchemas.ts";

/** The folder of a prompt's trace within an experiment's. */
export const traceFolder = (dir: string, {prompts}: Pick<ExperimentSpec, "prompts">, index: number): string =>
  join(dir, "traces", String(index).padStart(String(prompts.count - 1).length, "0"));

/** Whether a folder holds a trace that was written to its end. */
export async function isCompleteTrace(dir: string): Promise<boolean> {
  const text = await ifThere(readFile(join(dir, TRACE_FILE), "utf8"), undefined);
  return text !== undefined && (JSON.parse(text) as {status?: unknown}).status === "complete";
}
