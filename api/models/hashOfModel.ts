import {loadCheckpoint} from "../../capture/families/loadCheckpoint.ts";
import {modelHash} from "../../capture/model/modelHash.ts";

/** The hash of the checkpoint in a folder. */
export async function hashOfModel(folder: string): Promise<string> {
  const checkpoint = await loadCheckpoint(folder);
  await checkpoint.close();
  return modelHash(checkpoint);
}
