import {z} from "zod";
import {parseEdits, type Edit} from "../../capture/edits/editSchema.ts";
import {openTrace} from "../../capture/trace/reader.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

const index = z.number().int().min(0).max(1_000_000);

/** A site's vectors as another run has them: at one step, of chosen tokens, of one of its inits. */
const patchSchema = z.strictObject({
  op: z.literal("patch"),
  /** The other run's folder. */
  run: z.string().min(1).max(4096),
  site: z.string().max(100).default("state"),
  step: index,
  tokens: z.array(index).min(1).max(100_000),
  /** The other run's init. */
  from_init: index.default(0),
  /** This run's inits that are changed; defaults to all. */
  inits: z.array(index).min(1).optional()
});

/**
 * An edit file's list, with every `patch` from another run turned into the vectors that it stands for, so that the run itself
 * says what was put in. `folderOf` finds the run that a patch names. Throws an Error of one line that names the edit.
 */
export async function patchEdits(json: unknown, {folderOf}: {readonly folderOf: (run: string) => string}): Promise<Edit[]> {
  if (!Array.isArray(json)) return parseEdits(json);
  const lists = [];
  for (const [i, edit] of (json as readonly unknown[]).entries()) lists.push(isPatch(edit) ? await setsOf(edit, {i, folderOf}) : [edit]);
  return parseEdits(lists.flat());
}

const isPatch = (edit: unknown): boolean => typeof edit === "object" && edit !== null && "op" in edit && edit.op === "patch";

async function setsOf(json: unknown, {i, folderOf}: {readonly i: number; readonly folderOf: (run: string) => string}): Promise<unknown[]> {
  const parsed = patchSchema.safeParse(json);
  if (!parsed.success) {
    const {path, message} = parsed.error.issues[0];
    throw new Refusal(`invalid edit ${i}${path.length > 0 ? `, ${path.join(".")}` : ""}: ${message.toLowerCase()}`);
  }
  const {run, site, step, tokens, from_init, inits} = parsed.data;
  try {
    const reader = await openTrace(folderOf(run));
    try {
      const {data, width} = await reader.readSite(site, {steps: [step, step], inits: [from_init], tokens});
      return tokens.map((token, row) => ({
        op: "set",
        site,
        step,
        tokens: [token],
        ...(inits && {inits}),
        vector: Array.from(data.subarray(row * width, (row + 1) * width))
      }));
    } finally {
      await reader.close();
    }
  } catch (cause) {
    throw new Refusal(`invalid edit ${i}: ${(cause as Error).message}`, {cause});
  }
}
