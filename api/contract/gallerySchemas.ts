import {z} from "zod";
import {GALLERY_SCHEMA} from "./galleryQuestions.ts";
import {patternSchema} from "./patternSchemas.ts";
import {runListSchema} from "./runSchemas.ts";

/** An answer that a gallery keeps: a file in the run's folder, or the one line why there is none. */
const keptAnswerSchema = z.union([z.strictObject({file: z.string()}), z.strictObject({refused: z.string()})]);
export type KeptAnswer = z.infer<typeof keptAnswerSchema>;

/** A run of a gallery: the line of a list, what is known of it by the question's name (galleryQuestion), and all its files. */
const galleryRunSchema = runListSchema.shape.runs.element.extend({
  /** Other where any answer is another: part of each file's address, so that no cache mixes two galleries. */
  version: z.string(),
  answers: z.record(z.string(), keptAnswerSchema),
  files: z.array(z.object({name: z.string(), bytes: z.number().int()}))
});
export type GalleryRun = z.infer<typeof galleryRunSchema>;

/** orrery-gallery.json */
export const gallerySchema = z.object({
  schema: z.literal(GALLERY_SCHEMA),
  title: z.string(),
  software: z.object({name: z.string(), version: z.string()}),
  runs: z.array(galleryRunSchema)
});
export type Gallery = z.infer<typeof gallerySchema>;

/** Why, and why not, of every trajectory: the answer to `arguments`. */
const keptArgumentsSchema = z.object({
  tokens: z.array(patternSchema.pick({index: true, init: true, arguments: true, evidence: true}))
});
export type KeptArguments = z.infer<typeof keptArgumentsSchema>;
