import {readdir} from "node:fs/promises";
import {join} from "node:path";
import {z} from "zod";
import {readJsonFile} from "../../capture/trace/jsonFile.ts";
import {TraceFormatError} from "../../capture/trace/safetensorsHeader.ts";
import {findState} from "./bareStates.ts";
import {importedTrace, incomingState, storageOf, type Imported} from "./importBare.ts";
import {openArrays} from "./openArrays.ts";
import {writeTrace, type Belonging} from "./writeTrace.ts";

const RUN_FILE = "run.json";
const TRAJECTORIES = "trajectories";
const ENDING = ".npz";
const MAX_JSON_BYTES = 64 * 2 ** 20; // token lists take kilobytes
const MAX_EXAMPLES = 100_000;

const runSchema = z.object({model: z.string(), num_steps: z.number().int(), seed: z.number().int().nullable().default(null)});
const tokensSchema = z.object({
  example_id: z.union([z.string(), z.number()]).transform(String).optional(),
  capture_mode: z.string().default("unknown"),
  alignment: z.string().default("unknown"),
  tokens: z.array(z.object({position: z.number().int(), token_id: z.number().int().nonnegative(), token_text: z.string()})).min(1)
});

/** Whether a folder is a run of huginn-research: run.json beside trajectories/. */
export async function isHuginnResearch(dir: string): Promise<boolean> {
  const names = await readdir(dir);
  return names.includes(RUN_FILE) && names.includes(TRAJECTORIES);
}

/** The examples of a run folder, by the names of their files, sorted; what macOS puts beside them is none. Throws a TraceFormatError for none. */
export async function examplesOf(dir: string): Promise<readonly string[]> {
  const names = (await readdir(join(dir, TRAJECTORIES))).filter((name) => name.endsWith(ENDING) && !name.startsWith("._"));
  if (names.length === 0 || names.length > MAX_EXAMPLES)
    throw new TraceFormatError(`invalid run folder: ${dir} has ${names.length} trajectories; expected 1 to ${MAX_EXAMPLES}`);
  return names.map((name) => name.slice(0, -ENDING.length)).sort();
}

/**
 * Makes a trace of one example: `states` [num_steps + 1, selected tokens, width], whose row 0 is the initial state, and
 * the tokens of tokens/*.json. Throws a TraceFormatError where the two, or run.json, disagree.
 */
export async function importExample(
  from: string,
  example: string,
  dir: string,
  {owner, room, now = () => new Date()}: Belonging & {now?: () => Date} = {}
): Promise<Imported> {
  const run = await readJson(join(from, RUN_FILE), runSchema);
  const {tokens, example_id: id, capture_mode: mode, alignment} = await readJson(join(from, "tokens", `${example}.json`), tokensSchema);
  const path = join(from, TRAJECTORIES, `${example}.npz`);
  const file = await openArrays(path);
  try {
    const state = findState(file, {array: "states"});
    const [rows, , columns] = state.shape;
    if (columns !== tokens.length)
      throw new TraceFormatError(`${path}: invalid states: ${columns} tokens; tokens/${example}.json names ${tokens.length}`);
    if (rows !== run.num_steps + 1)
      throw new TraceFormatError(
        `${path}: invalid states: ${rows} rows; ${run.num_steps} steps and the initial state make ${run.num_steps + 1}`
      );
    const {stored, notes, warnings} = await storageOf(state, {names: tokens.map(({token_text}) => token_text)});
    const trace = {
      ...importedTrace(state, stored),
      title: id === undefined ? example : `example ${id}`,
      model: {name: run.model, hash: null, revision: null, config: {}},
      prompt: null,
      tokens: tokens.map(({token_id, token_text}) => ({id: token_id, text: token_text})),
      inits: [{kind: "normal" as const, seed: run.seed, scale: 1}],
      created: now().toISOString(),
      imported: {
        format: "huginn-research",
        file: `${TRAJECTORIES}/${example}.npz`,
        notes: [
          ...warnings,
          ...notes,
          `captured by ${mode}, aligned by ${alignment}`,
          `positions in the sequence: ${tokens.map(({position}) => position).join(", ")}`
        ]
      }
    };
    return {trace: await writeTrace(dir, trace, {arrays: [incomingState(state, stored)], owner, room}), warnings};
  } finally {
    await file.close();
  }
}

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const value = await readJsonFile(path, {maxBytes: MAX_JSON_BYTES, error: TraceFormatError});
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const {path: place, message} = parsed.error.issues[0];
  throw new TraceFormatError(`invalid ${path}: ${place.join(".") || "value"}: ${message.toLowerCase()}`);
}
