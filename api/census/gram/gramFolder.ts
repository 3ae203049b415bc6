import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {ensureFolder} from "../../../capture/trace/ensureFolder.ts";
import {z} from "zod";
import type {PathProducts} from "../../../analysis/patterns/pathProducts.ts";
import {readJsonFile} from "../../../capture/trace/jsonFile.ts";
import {parseTrace} from "../../../capture/trace/reader.ts";
import {diskFault, Refusal} from "../../../capture/trace/refusal.ts";
import {TraceFormatError} from "../../../capture/trace/safetensorsHeader.ts";
import {GRAM_FILE, type Trace} from "../../../capture/trace/schema.ts";
import {checkLine} from "../../contract/checkLine.ts";
import {isFileAt} from "../../files/places.ts";
import {encodeProducts, readProducts} from "./gramFile.ts";

/** A Gram trace is a folder: gram.json says what ran and what stands beside the labels, gram.safetensors holds what labels are made of; no states. */
const PRODUCTS_FILE = "gram.safetensors";

const numberOrNull = z.number().nullable();

/** Of each trajectory, in the order [init][token], what does not follow from its products. */
const besideSchema = z.strictObject({
  inits_cosine: numberOrNull,
  published: z.string(),
  entropy: numberOrNull,
  top_id: z.number().int().nullable(),
  top_text: z.string().nullable(),
  exits: z.record(z.string(), z.number().int().nullable()),
  /** Of the last step, over the norm of the state. */
  last_step_norm: numberOrNull
});

const gramSchema = z.strictObject({
  schema: z.literal("orrery-gram/1"),
  site: z.string(),
  /** The step of each path's first state. */
  first_step: z.number().int().min(0),
  width: z.number().int().positive(),
  /** Number format of the states. */
  precision: z.enum(["float32", "float16", "bfloat16"]),
  from_initial: z.boolean(),
  collapse: z.strictObject({collapsed: z.boolean(), since: z.number().int().optional(), correlation: numberOrNull, most: z.number()}),
  beside: z.array(besideSchema)
});

/** What a folder without states says of a run. */
export interface GramTrace extends z.infer<typeof gramSchema> {
  /** As the run's trace.json said it. */
  readonly trace: Trace;
  /** In the order [init][token]. */
  readonly paths: readonly PathProducts[];
}

/** Writes a folder that is not there yet; the description comes last. */
export async function writeGram(dir: string, {paths, ...gram}: GramTrace): Promise<void> {
  try {
    await ensureFolder(dir);
    await writeFile(join(dir, PRODUCTS_FILE), encodeProducts(paths));
    await writeFile(join(dir, GRAM_FILE), `${JSON.stringify(gram)}\n`);
  } catch (error) {
    throw diskFault(error, dir);
  }
}

/** Whether a folder is a Gram trace. */
export const isGram = (dir: string): Promise<boolean> => isFileAt(join(dir, GRAM_FILE));

/** What ran, without the products. */
export async function traceOfGram(dir: string): Promise<Trace> {
  const path = join(dir, GRAM_FILE);
  return parseTrace((await jsonIn(path)).trace, path);
}

const jsonIn = async (path: string): Promise<Record<string, unknown>> =>
  ((await readJsonFile(path, {maxBytes: MAX_GRAM_BYTES, error: TraceFormatError})) ?? {}) as Record<string, unknown>;

const MAX_GRAM_BYTES = 256 * 2 ** 20; // 300 bytes a trajectory

/** Reads a folder. Throws a Refusal that names what is missing, broken, or contradicts itself. */
export async function readGram(dir: string): Promise<GramTrace> {
  const path = join(dir, GRAM_FILE);
  const {trace: run, ...rest} = await jsonIn(path);
  const parsed = gramSchema.safeParse(rest);
  if (!parsed.success) throw new Refusal(`invalid ${path}: ${checkLine(parsed.error, rest)}`, {kind: "damaged"});
  const trace = parseTrace(run, path);
  const count = trace.inits.length * trace.tokens.length;
  if (parsed.data.beside.length !== count)
    throw new Refusal(`invalid ${path}: ${parsed.data.beside.length} trajectories; its run has ${count}`, {kind: "damaged"});
  return {...parsed.data, trace, paths: await readProducts(join(dir, PRODUCTS_FILE), count)};
}
