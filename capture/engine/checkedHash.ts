import {basename, resolve} from "node:path";
import type {Trace} from "../trace/schema.ts";
import {loadCheckpoint} from "../families/loadCheckpoint.ts";
import {modelHash} from "../model/modelHash.ts";
import {Refusal} from "../trace/refusal.ts";

/** The hash of a checkpoint that is to be asked about a run. Throws an Error with both names for a model other than the run's. */
export async function checkedHash(folder: string, {model}: Trace): Promise<string> {
  const checkpoint = await loadCheckpoint(folder);
  await checkpoint.close();
  const hash = await modelHash(checkpoint);
  if (model.hash !== null && model.hash !== hash)
    throw new Refusal(
      `invalid model: ${basename(resolve(folder))} (${hash.slice(0, 12)}); the run was made by ${model.name} (${model.hash.slice(0, 12)})`,
      {kind: "unusable"}
    );
  return hash;
}
