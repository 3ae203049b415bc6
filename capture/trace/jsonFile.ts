import {parseJson, type JsonOptions} from "./json.ts";
import {ifThere} from "./ifThere.ts";
import {readTextFile, type TextFileOptions} from "./textFile.ts";

interface JsonFileOptions extends JsonOptions, TextFileOptions {}

/** Reads a JSON file. Throws what readTextFile throws, and the same error for what is no JSON. */
export async function readJsonFile(path: string, {maxBytes, error, ...options}: JsonFileOptions): Promise<unknown> {
  return jsonIn(await readTextFile(path, {maxBytes, error}), path, {Failure: error, ...options});
}

/** The same; undefined where there is no such file. */
export const jsonFileIfThere = (path: string, options: JsonFileOptions): Promise<unknown> =>
  ifThere(readJsonFile(path, options), undefined);

function jsonIn(text: string, path: string, {Failure, ...options}: JsonOptions & {Failure: JsonFileOptions["error"]}): unknown {
  try {
    return parseJson(text, options);
  } catch (cause) {
    throw new Failure(`invalid ${path}: ${(cause as Error).message}`, {cause});
  }
}
