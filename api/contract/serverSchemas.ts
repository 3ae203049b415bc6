import {z} from "zod";

const MOST_NAME_BYTES = 255; // of a file system

/** The name of a file that is sent, as people name them: no path, nothing hidden, nothing that a terminal obeys. */
export const fileNameSchema = z
  .string()
  .regex(/^(?!\.)[^/\\\p{Control}\p{Surrogate}]+$/u, "expected a plain file name")
  .refine((name) => new TextEncoder().encode(name).length <= MOST_NAME_BYTES, `expected at most ${MOST_NAME_BYTES} bytes`);

/** A run, model or job name as it may stand in a URL: never a path. */
export const nameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, "expected letters, digits, '.', '_' and '-', at most 128");

export const infoSchema = z.object({
  name: z.string(),
  version: z.string(),
  /** The script that the page begins with, other with every build; null where it is not built. */
  page: z.string().nullable(),
  /** Whom the server takes the page's user for: no name where it knows none; a guest may change nothing. */
  visitor: z.object({name: z.string().nullable(), read_only: z.boolean()})
});
export type Info = z.infer<typeof infoSchema>;

/** GET /api/health: 200, or 503 with the problem. */
export const healthSchema = z.object({status: z.enum(["ok", "failing"]), problem: z.string().nullable(), uptime_seconds: z.number().int()});
export type Health = z.infer<typeof healthSchema>;

/** The one shape of every error. The header `orrery-fault` says the kind for programs: `invalid`, `unknown`, `damaged`, `full` and so on; `internal` for a bug. */
export const errorSchema = z.object({error: z.string()});
