import type {RunData} from "./runData.ts";

/** Why nothing can be asked of the model of a run. */
export const NO_MODEL = "it takes the model, and this run came as a file without one";

/** Whether a run came as a file that names no model: nothing can then be read from its states, and its step cannot be run. */
export const isModelless = ({trace}: Pick<RunData, "trace">): boolean => trace.imported !== undefined && trace.model.hash === null;
