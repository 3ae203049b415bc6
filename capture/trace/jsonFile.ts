import {decodeText} from "./decodeText.ts";
import {parseJson, type JsonOptions} from "./json.ts";
import {ifThere} from "./ifThere.ts";
import {isLfsPointer, LFS_POINTER} from "./lfsPointer.ts";
import {openFile} from "./openFile.ts";

interface JsonFileOptions extends JsonOptions {
  readonly maxBytes: number;
  /** What is thrown. */
  readonly error: new (
    message: string,
    options?: ErrorOptions
  ) => Error;
}

/** Reads a JSON file. Throws an error that names it where it is missing, larger than `maxBytes`, a Git LFS pointer, or no JSON. */
export async function readJsonFile(path: string, {maxBytes, error: Failure, ...options}: JsonFileOptions): Promise<unknown> {
  const file = await openFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === "ENOENT" ? new Failure(`missing file: ${path}`, {cause}) : cause;
  });
  if (!file) throw new Failure(`invalid ${path}: not a file`);
  try {
    const {size} = await file.stat();
    if (size > maxBytes) throw new Failure(`invalid ${path}: ${size} bytes; at most ${maxBytes}`);
    const bytes = await file.readFile();
    if (isLfsPointer(bytes)) throw new Failure(`invalid ${path}: ${LFS_POINTER}`);
    return jsonIn(decodeText(bytes), path, {Failure, ...options});
  } finally {
    await file.close();
  }
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
