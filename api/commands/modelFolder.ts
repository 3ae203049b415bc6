import {existsSync} from "node:fs";
import {createModelStore} from "../models/modelStore.ts";
import {shippedModel, shippedModels} from "../models/shipped.ts";
import {thereIs} from "./nearestName.ts";
import {userFolder} from "./usage.ts";

/** A checkpoint folder as the user names it: a path, else the name of a model that ships. Throws an Error that names those where neither is there. */
export async function modelFolder(model: string): Promise<string> {
  const own = await userFolder(model);
  if (existsSync(own)) return own;
  const shipped = shippedModel(model);
  if (shipped !== undefined) return shipped;
  const names = (await createModelStore(shippedModels).list()).map(({name}) => name);
  throw new Error(`unknown model: ${model}; expected a checkpoint folder, or a model that ships: ${thereIs(model, names)}`);
}
