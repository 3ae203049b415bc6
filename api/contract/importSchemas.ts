import {z} from "zod";
import {fileNameSchema, nameSchema} from "./serverSchemas.ts";

/** What is made elsewhere and opened here; re-exported by the contract. */

const AXES = ["step", "init", "token", "width"] as const;

/** POST /api/imports, after the file, or the files of a trace folder, were sent by PUT /api/uploads/:upload/:file. */
export const importRequestSchema = z.strictObject({
  upload: nameSchema,
  /** The file to import; left out for the files of a trace folder. */
  file: fileNameSchema.optional(),
  /** Axes of a bare array in their order; by their count where they are left out. */
  axes: z.array(z.enum(AXES)).min(2).max(4).optional(),
  /** Which array of several. */
  array: z.string().max(200).optional(),
  /** Whether to ask back, and keep the upload, where the file does not say which array or axes are meant; they are guessed where it is left out. */
  ask: z.boolean().optional()
});
export type ImportRequest = z.infer<typeof importRequestSchema>;

/** What a file of arrays does not say: which of them holds the states, or what its axes are. */
const unclearSchema = z.union([
  z.object({arrays: z.array(z.string())}),
  z.object({array: z.string(), shape: z.array(z.number().int()), orders: z.array(z.array(z.enum(AXES)))})
]);
export type Unclear = z.infer<typeof unclearSchema>;

/** What a report says, which holds no states. */
const toldSchema = z.object({
  title: z.string(),
  status: z.enum(["complete", "partial"]),
  sentences: z.array(z.string()),
  command: z.string()
});
export type ToldReport = z.infer<typeof toldSchema>;

/** The runs that were made, and what a person should know of them; of a report what it says, and of a file that is not certain what to answer. */
export const importedSchema = z.object({
  format: z.string(),
  runs: z.array(nameSchema),
  warnings: z.array(z.string()),
  report: toldSchema.optional(),
  unclear: unclearSchema.optional()
});
export type ImportAnswer = z.infer<typeof importedSchema>;
