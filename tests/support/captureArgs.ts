import {shippedModel} from "./shippedModel.ts";

/** `orrery capture` of the shipped model, as short as it may be. */
export const captureArgs = (...args: string[]): string[] => ["capture", "--model", shippedModel, "--steps", "4", "--inits", "1", ...args];
