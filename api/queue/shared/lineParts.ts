import {createHash} from "node:crypto";
import {z} from "zod";

/** A part of a job whose result is a line of JSON. */
export const lineOrderSchema = z.strictObject({job: z.string(), index: z.number().int().min(0)});
export type LineOrder = z.infer<typeof lineOrderSchema>;

export const lineAnswerSchema = z.strictObject({line: z.string()});
export type LineAnswer = z.infer<typeof lineAnswerSchema>;

/** What a job is asked for, with what names it, and changes no answer. */
interface AskedSpec {
  readonly title?: unknown;
  readonly owner?: unknown;
  readonly created: unknown;
  readonly keep?: unknown;
  readonly model: {readonly hash: string};
}

/** The same for the same answers: who asks twice finds what is done. */
export const hashOfSpec = ({title: _title, owner: _owner, created: _created, keep: _keep, model: {hash}, ...rest}: AskedSpec): string =>
  createHash("sha256")
    .update(JSON.stringify({...rest, hash}))
    .digest("hex")
    .slice(0, 16);
