import {existsSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";

const at = (folder: string): string => fileURLToPath(new URL(`../../fixtures/${folder}`, import.meta.url));

/** Small models whose dynamics are known, each a checkpoint with the recipe that it was trained by. */
export const shippedOrganisms = at("organisms");

/** Folders of checkpoints that ship with the program. */
export const shippedModels: readonly string[] = [at("models"), shippedOrganisms];

/** Folder of the runs that ship. */
export const shippedRuns = at("runs");

/** The folder of a checkpoint that ships; undefined for another name. */
export function shippedModel(name: string): string | undefined {
  if (!/^[\w.-]+$/.test(name)) return undefined;
  return shippedModels.map((root) => join(root, name)).find((folder) => existsSync(join(folder, "config.json")));
}
