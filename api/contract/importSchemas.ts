import {z} from "zod";
import {nameSchema} from "./serverSchemas.ts";

/** What is made elsewhere and opened here; re-exported by the contract. */

const AXES = ["step", "init", "token", "width"] as const;

/** POST /api/imports, after the file, or the files of a trace folder, were sent by PUT /api/uploads/:upload/:file. */
export const importRequestSchema = z.strictObject({
  upload: nameSchema,
  /** The file to import; left out for the files of a trace folder. */
  file: nameSchema.optional(),
  /** Axes of a bare array in their order; by their count where they are left out. */
  axes: z.array(z.enum(AXES)).min(2).max(4).optional(),
  /** Which array of several. */
  array: z.string().max(200).optional()
});
export type ImportRequest = z.infer<typeof importRequestSchema>;

/** The runs that were made, and what a person should know of them. */
export const importedSchema = z.object({format: z.string(), runs: z.array(nameSchema), warnings: z.array(z.string())});
export type ImportAnswer = z.infer<typeof importedSchema>;
