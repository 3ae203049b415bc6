import {decodeText} from "./decodeText.ts";
import {ifThere} from "./ifThere.ts";
import {isLfsPointer, LFS_POINTER} from "./lfsPointer.ts";
import {openFile} from "./openFile.ts";

export interface TextFileOptions {
  readonly maxBytes: number;
  /** What is thrown. */
  readonly error: new (
    message: string,
    options?: ErrorOptions
  ) => Error;
}

/** Reads a file of text. Throws an error that names it where it is missing, no file, larger than `maxBytes`, or a Git LFS pointer. */
export async function readTextFile(path: string, {maxBytes, error: Failure}: TextFileOptions): Promise<string> {
  const file = await openFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === "ENOENT" ? new Failure(`missing file: ${path}`, {cause}) : cause;
  });
  if (!file) throw new Failure(`invalid ${path}: not a file`);
  try {
    const {size} = await file.stat();
    if (size > maxBytes) throw new Failure(`invalid ${path}: ${size} bytes; at most ${maxBytes}`);
    const bytes = await file.readFile();
    if (isLfsPointer(bytes)) throw new Failure(`invalid ${path}: ${LFS_POINTER}`);
    return decodeText(bytes);
  } finally {
    await file.close();
  }
}

/** The same; undefined where there is no such file. */
export const textFileIfThere = (path: string, options: TextFileOptions): Promise<string | undefined> =>
  ifThere(readTextFile(path, options), undefined);
