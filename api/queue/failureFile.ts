import {rm} from "node:fs/promises";
import {join} from "node:path";
import {z} from "zod";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {jsonFileIfThere} from "../../capture/trace/jsonFile.ts";
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
  const value = await jsonFileIfThere(join(dir, FAILURE_FILE), {maxBytes: MAX_FAILURE_BYTES, error: SyntaxError}).catch(
    (error: unknown) => {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  );
  return failureSchema.safeParse(value).data;
}
