import {readdir} from "node:fs/promises";
import {basename, join} from "node:path";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {sendFolder} from "../files/places.ts";
import {ROWS_FOLDER, TRACES_FOLDER} from "./censusFolder.ts";

/**
 * Puts a finished census into the shared place, `censuses/NAME` there, under the names of its folder: rows that DuckDB reads, kept traces, and what was
 * asked with its summary, which come last. Shards, which its rows follow from, stay where they were made. Done twice it puts the same bytes.
 */
export async function publishCensus(dir: string, results: string): Promise<void> {
  const place = join(results, "censuses", basename(dir));
  const kept = await ifThere(readdir(join(dir, TRACES_FOLDER)), []);
  for (const folder of [...kept.map((name) => join(TRACES_FOLDER, name)), ROWS_FOLDER])
    await sendFolder(join(dir, folder), join(place, folder));
  await sendFolder(dir, place);
}
