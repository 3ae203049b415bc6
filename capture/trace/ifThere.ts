import type {Stats} from "node:fs";
import {stat} from "node:fs/promises";

/** What reading a file or folder gives, or `otherwise` where there is none of that name, whether Node says so or a reader because of it. */
export async function ifThere<Found, Otherwise>(reading: Promise<Found>, otherwise: Otherwise): Promise<Found | Otherwise> {
  return reading.catch((error: NodeJS.ErrnoException & {readonly cause?: NodeJS.ErrnoException}) => {
    if (error.code === "ENOENT" || error.cause?.code === "ENOENT") return otherwise;
    throw error;
  });
}

/** What is at a path, or undefined where nothing is: below a file, which holds no others, neither. */
export const statIfThere = (path: string): Promise<Stats | undefined> =>
  stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });

/** Whether a folder is at a path; what cannot be looked at is told, since it may be one. */
export const isFolderThere = async (path: string): Promise<boolean> => (await statIfThere(path))?.isDirectory() ?? false;

/** The same of a file. */
export const isFileThere = async (path: string): Promise<boolean> => (await statIfThere(path))?.isFile() ?? false;
