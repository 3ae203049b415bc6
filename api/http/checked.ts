import type {z} from "zod";
import {checkLine} from "../contract/checkLine.ts";
import {HttpError} from "../contract/httpError.ts";

/** What came from outside, checked; throws a 400 HttpError that names the first thing that is wrong. */
export function checked<T extends z.ZodType>(schema: T, input: unknown): z.infer<T> {
  const parsed = schema.safeParse(input ?? {});
  if (!parsed.success) throw new HttpError(400, checkLine(parsed.error, input));
  return parsed.data;
}
