import {readFile, rm, writeFile} from "node:fs/promises";
import {hostname} from "node:os";
import {join} from "node:path";
import {z} from "zod";
import {ifThere} from "./ifThere.ts";

/** Lies in a trace folder while a process writes it, so that nobody takes a slow capture for a dead one. */
export const WRITER_FILE = "writer.json";

const markSchema = z.object({pid: z.number().int().positive(), host: z.string()});

/** Says that this process writes the folder. */
export const markWriter = (dir: string): Promise<void> =>
  writeFile(join(dir, WRITER_FILE), `${JSON.stringify({pid: process.pid, host: hostname()})}\n`);

/** Says that nobody writes the folder any more. */
export const unmarkWriter = (dir: string): Promise<void> => rm(join(dir, WRITER_FILE), {force: true});

/** Whether the process that marked the folder still runs. A mark made on another machine counts: it cannot be asked from here. */
export async function isBeingWritten(dir: string): Promise<boolean> {
  const text = await ifThere(readFile(join(dir, WRITER_FILE), "utf8"), undefined);
  const mark = text === undefined ? undefined : markSchema.safeParse(parsed(text));
  if (!mark?.success) return false; // none, or cut short by the kill
  return mark.data.host !== hostname() || isAlive(mark.data.pid);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0); // signal 0 only asks
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // alive, and somebody else's
  }
}
