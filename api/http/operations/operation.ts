import type {z} from "zod";

/** What the server can be asked, as its description tells it. */
export interface Operation {
  readonly method: "get" | "put" | "post" | "patch" | "delete";
  readonly path: string;
  readonly summary: string;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** A schema for JSON, the names of tensors for safetensors, `events` for server-sent events, `html` for a page, `file` for one of several formats, nothing for 204. */
  readonly answer?: z.ZodType | readonly string[] | "events" | "html" | "file";
  /** Defaults to 200, or 204 without an answer. */
  readonly status?: number;
}
