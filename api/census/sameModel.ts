import {Refusal} from "../../capture/trace/refusal.ts";
import {hashOfModel} from "../models/hashOfModel.ts";

/** Throws a Refusal with both hashes where a folder holds another model than the census was planned with. */
export async function refuseOtherModel(folder: string, planned: string): Promise<void> {
  const hash = await hashOfModel(folder);
  if (hash !== planned)
    throw new Refusal(`invalid model: ${folder} is ${hash}; the census was planned with ${planned}`, {kind: "conflict"});
}
