import {resolve} from "node:path";
import {InvalidArgumentError} from "commander";
import {statIfThere} from "../../capture/trace/ifThere.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {isBucket} from "../files/bucket/bucketAddress.ts";
import type {Bounds} from "../../capture/bounds.ts";

/** What the user asked for cannot be meant; the command line ends with status 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** What is refused as invalid is something that the user asked for. */
export async function asUsageErrors<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw error instanceof Refusal && error.kind === "invalid" ? new UsageError(error.message, {cause: error}) : error;
  });
}

/**
 * A path as the user means it: `npm run` starts us in the checkout and says in INIT_CWD where the user stands. A place in a bucket stays as it is.
 * Throws a UsageError where it is empty, as a variable of the shell that is not set.
 */
export function userPath(path: string): string {
  if (path === "") throw new UsageError("empty path; expected a file or a folder, or . for the folder that you are in");
  return isBucket(path) ? path : resolve(process.env.INIT_CWD ?? process.cwd(), path);
}

/** A folder as the user means it, there or not yet. Throws a UsageError where a file stands in its place. */
export async function userFolder(path: string): Promise<string> {
  const place = userPath(path);
  if ((isBucket(place) ? undefined : await statIfThere(place))?.isDirectory() === false)
    throw new UsageError(`invalid folder: ${place}; expected a folder, found a file`);
  return place;
}

type Ends = Pick<Bounds, "least" | "most">;

/** Reads an option that is a whole number. */
export function wholeNumber({least, most}: Ends): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !(Number.isInteger(value) && value >= least && value <= most))
      throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}`);
    return value;
  };
}

/** Reads an option that is a number. */
export function number({least, most}: Ends): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !(value >= least && value <= most))
      throw new InvalidArgumentError(`expected a number from ${least} to ${most}`);
    return value;
  };
}

/** Reads an option that is a list of names joined by commas. */
export const nameList = (text: string): string[] =>
  text
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);

/** Reads an option that is a list of whole numbers joined by commas. */
export const numberList = (text: string): number[] => text.split(",").map(wholeNumber({least: 0, most: 2 ** 31 - 1}));
