import {z} from "zod";

/** A part of a job whose result is a line of JSON. */
export const lineOrderSchema = z.strictObject({job: z.string(), index: z.number().int().min(0)});
export type LineOrder = z.infer<typeof lineOrderSchema>;

export const lineAnswerSchema = z.strictObject({line: z.string()});
export type LineAnswer = z.infer<typeof lineAnswerSchema>;
