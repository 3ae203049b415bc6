import {existsSync} from "node:fs";
import {join} from "node:path";
import {shippedModels} from "../models/shipped.ts";
import {userPath} from "./usage.ts";

/** A checkpoint folder as the user names it: a path, else the name of a model that ships. Throws an Error where neither is there. */
export function modelFolder(model: string): string {
  const own = userPath(model);
  const shipped = join(shippedModels, model);
  if (existsSync(own)) return own;
  if (/^[\w.-]+$/.test(model) && existsSync(shipped)) return shipped;
  throw new Error(`unknown model: ${model}; expected a checkpoint folder`);
}
