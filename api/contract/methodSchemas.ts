import {z} from "zod";
import {methodSchema} from "./reportData.ts";

const sectionSchema = z.object({
  title: z.string(),
  /** Cells of the first column are names in tables and on the command line. */
  table: z.object({head: z.array(z.string()), rows: z.array(z.array(z.string()))}).nullable(),
  /** `id` is what an address ends with, as in `?methods#step-norm`. */
  notes: z.array(methodSchema.extend({id: z.string()}))
});
export type MethodSection = z.infer<typeof sectionSchema>;

/** GET /api/methods: formulas, thresholds and references of all that is measured. */
export const methodsSchema = z.object({sections: z.array(sectionSchema)});
export type MethodsAnswer = z.infer<typeof methodsSchema>;
