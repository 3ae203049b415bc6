import {rm} from "node:fs/promises";
import {join} from "node:path";
import {z} from "zod";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {openFile} from "../../capture/trace/openFile.ts";
import {replaceFile} from "../../capture/trace/replaceFile.ts";

const FAILURE_FILE = "failure.json";
const MAX_FAILURE_BYTES = 100_000;

const failureSchema = z.object({error: z.string(), finished: z.number().int().min(0)});

/** Why a job failed, and how many of its parts were done then. */
export type Failure = z.infer<typeof failureSchema>;

/** Keeps in a job's folder why it failed, so that the next server tells it, too; without a folder there is nothing to tell it of. */
export const keepFailure = (dir: string, failure: Failure): Promise<void> =>
  ifThere(replaceFile(join(dir, FAILURE_FILE), `${JSON.stringify(failure)}\n`), undefined);

/** It begins again. */
export const forgetFailure = (dir: string): Promise<void> => rm(join(dir, FAILURE_FILE), {force: true});

/** What a folder keeps; undefined where that is nothing, or cannot be read: the job stands as its parts say. */
export async function keptFailure(dir: string): Promise<Failure | undefined> {
  const file = await ifThere(openFile(join(dir, FAILURE_FILE)), undefined);
  if (!file) return undefined;
  try {
    const {size} = await file.stat();
    return size > MAX_FAILURE_BYTES ? undefined : failureIn(Buffer.from(await file.readFile()).toString("utf8"));
  } finally {
    await file.close();
  }
}

function failureIn(text: string): Failure | undefined {
  try {
    return failureSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
