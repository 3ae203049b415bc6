import {z} from "zod";
import {errorOf, FAULT_KINDS, faultOf, Refusal} from "../../../capture/trace/refusal.ts";

/** A failed part's fault, as whoever works tells it to whoever asked: BullMQ keeps of an error its message alone. */
const faultSchema = z.strictObject({
  kind: z.enum(FAULT_KINDS).nullable(),
  message: z.string(),
  cause: z.string().nullable(),
  stack: z.string().nullable()
});

/** An error as the message of another one. */
export const faultText = (error: unknown): string => JSON.stringify(faultOf(error));

/** The error behind a failed part's message: of its own kind where a worker wrote it, else what BullMQ says, as of a part under which workers died. */
export function faultError(text: string): Error {
  const fault = faultSchema.safeParse(jsonOr(text));
  return fault.success ? errorOf(fault.data) : new Refusal(text, {kind: "killed"});
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
