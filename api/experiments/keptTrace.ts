import {join} from "node:path";
import {openTrace} from "../../capture/trace/reader.ts";
import {TraceFormatError} from "../../capture/trace/safetensorsHeader.ts";
import type {ExperimentSpec} from "../contract/experimentSchemas.ts";

/** The folder of a prompt's trace within an experiment's. */
export const traceFolder = (dir: string, {prompts}: Pick<ExperimentSpec, "prompts">, index: number): string =>
  join(dir, "traces", String(index).padStart(String(prompts.count - 1).length, "0"));

/** Whether a folder holds a trace that was written to its end. */
export async function isCompleteTrace(dir: string): Promise<boolean> {
  return openTrace(dir).then(
    async (reader) => {
      await reader.close();
      return reader.trace.status === "complete";
    },
    (error: unknown) => {
      if (error instanceof TraceFormatError) return false; // it is captured again
      throw error;
    }
  );
}
