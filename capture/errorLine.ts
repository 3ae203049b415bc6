import {diskFault} from "./trace/refusal.ts";

/** Any error as one line, for a person: no stack, no line breaks. */
export function errorLine(thrown: unknown): string {
  const error = diskFault(thrown);
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s*\n\s*/g, " ").trim() || "unknown error";
}
