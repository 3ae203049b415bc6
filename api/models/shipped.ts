import {fileURLToPath} from "node:url";

/** Folders that ship with the program: checkpoints, and runs to look at. */
export const shippedModels = fileURLToPath(new URL("../../fixtures/models", import.meta.url));
export const shippedRuns = fileURLToPath(new URL("../../fixtures/runs", import.meta.url));
