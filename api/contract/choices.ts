/**
 * Every list that something is chosen from, and every bound, as the page reads them: by value, from here alone. What is
 * re-exported here imports nothing but its like (tests/layers.test.ts), so that the page stays small.
 */
export {CLAIMS, PATTERNS, type Pattern} from "../../analysis/patterns/labels.ts";
export {
  CURVE_MEASURES,
  curveScale,
  DRAWN_MEASURES,
  LENS_MEASURES,
  MEASURES,
  methodId,
  measureOf,
  POINTED_MEASURES,
  READOUT_MEASURES,
  REPORTED_LENS_MEASURES,
  START_MEASURES,
  STATE_MEASURES,
  TOLD_MEASURES,
  type Measure,
  type MeasureKey
} from "../../analysis/measures/measures.ts";
export {EXIT_RULES} from "../../analysis/exit/exitRules.ts";
export {CACHE_STRATEGIES} from "../../capture/generate/cacheStrategy.ts";
export * from "../../capture/bounds.ts";
export * from "../../capture/trace/counted.ts";
export * from "../../capture/trace/numberedToken.ts";
export * from "../../capture/trace/trainedSteps.ts";
export * from "../../capture/trace/writtenSteps.ts";
export * from "../../capture/engine/choices.ts";
export * from "./evalBounds.ts";
export {TOKEN_CLASSES} from "../../analysis/census/tokenClass.ts";
export * from "./censusBounds.ts";
export * from "./experimentBounds.ts";
export * from "./exportFormats.ts";
export * from "./galleryQuestions.ts";
export {viewWords} from "./viewWords.ts";

/** Bytes of a request's body: the longest prompt, and token ids of the longest context. */
export const MAX_BODY_BYTES = 2_000_000;

/** Runs that can be compared with one at a time. */
export const MAX_COMPARED = 3;

/** Bytes of one upload: a trace of a wide model over a long prompt; what is larger is brought to the machine by other ways. */
export const MAX_UPLOAD_BYTES = 16 * 2 ** 30;

/** Rows of a long list that one answer has, where nothing else is asked. */
export const USUAL_ROWS = 100;

export const MAX_TAGS = 20;
export const MAX_TAG_CHARACTERS = 50;
export const MAX_NOTE_CHARACTERS = 4000;

/** Of a view's address that a note stands on, and notes on views of one run. */
export const MAX_VIEW_CHARACTERS = 2000;
export const MAX_VIEW_NOTES = 200;

/** How states are projected, and what the basis is fitted on: see projectionQuerySchema. */
export const projectionMethods = ["pca", "umap"] as const;
export const projectionFits = ["all", "chosen", "token", "joint"] as const;

/** Components of a projection. */
export const componentBounds = {least: 2, most: 10, usual: 2};
export * from "./settingName.ts";
export {withArguments} from "./withArguments.ts";
export {promptBeside} from "./titleOfWords.ts";
