import {loadCheckpoint} from "../../capture/families/loadCheckpoint.ts";
import {modelHash} from "../../capture/model/modelHash.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

/** The hash of the checkpoint in a folder. */
export async function hashOfModel(folder: string): Promise<string> {
  const checkpoint = await loadCheckpoint(folder);
  await checkpoint.close();
  return modelHash(checkpoint);
}

/** Throws a Refusal with both hashes where a folder holds another model than the census was planned with. */
export async function refuseOtherModel(folder: string, planned: string): Promise<void> {
  const hash = await hashOfModel(folder);
  if (hash !== planned)
    throw new Refusal(`invalid model: ${folder} is ${hash}; the census was planned with ${planned}`, {kind: "conflict"});
}
