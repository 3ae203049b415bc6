import {existsSync} from "node:fs";
import {join} from "node:path";
import {isBucket} from "../files/bucket/bucketAddress.ts";
import {createRunStore} from "../runs/runStore.ts";
import {shippedRuns} from "../models/shipped.ts";
import {thereIs} from "./nearestName.ts";
import {userPath} from "./usage.ts";

/** A run as the user names it: a path or a place in a bucket, else the name of one in runs/, else of one that ships. Throws an Error that names those there are. */
export async function runFolder(run: string): Promise<string> {
  const own = userPath(run);
  if (isBucket(own) || existsSync(own)) return own;
  const runs = userPath("runs");
  const place = /^[\w.-]+$/.test(run) ? [runs, shippedRuns].map((root) => join(root, run)).find(existsSync) : undefined;
  if (place !== undefined) return place;
  const places = await createRunStore({runs, examples: shippedRuns}).places();
  const named = places.find(({id}) => id === run); // by whatever name somebody gave it
  if (named) return named.dir;
  const names = places.map(({id}) => id);
  throw new Error(`unknown run: ${run}; expected a path, or a run in runs/ or that ships: ${thereIs(run, names)}`);
}
