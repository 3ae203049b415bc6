import {rm} from "node:fs/promises";
import {join} from "node:path";
import {breakingName, holderOf, takeLease, type Lease} from "./lease.ts";

/** Lies in a trace folder while a process writes it, so that nobody takes a slow capture for a dead one. */
export const WRITER_FILE = "writer.json";

/** Whether a name in a folder says who writes it, and is none of its contents. */
export const isWriterMark = (name: string): boolean => name === WRITER_FILE || name === breakingName(WRITER_FILE);

/** Says that this process writes the folder. Throws a Refusal where another one does. */
export const markWriter = (dir: string): Promise<Lease> => takeLease(join(dir, WRITER_FILE), `folder in use: ${dir}`);

/** Says that nobody writes the folder any more: its writer is dead. */
export const unmarkWriter = (dir: string): Promise<void> => rm(join(dir, WRITER_FILE), {force: true});

/** Whether the process that marked the folder still runs; see lease.ts for one on another machine. */
export const isBeingWritten = async (dir: string): Promise<boolean> => (await holderOf(join(dir, WRITER_FILE))) !== undefined;
