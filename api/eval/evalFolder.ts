import {createHash} from "node:crypto";
import {open, writeFile, type FileHandle} from "node:fs/promises";
import {join} from "node:path";
import {ensureFolder} from "../../capture/trace/ensureFolder.ts";
import {jsonFileIfThere} from "../../capture/trace/jsonFile.ts";
import {diskFault, Refusal} from "../../capture/trace/refusal.ts";
import {replaceFile} from "../../capture/trace/replaceFile.ts";
import {TraceFormatError} from "../../capture/trace/safetensorsHeader.ts";
import {isBeingWritten, markWriter} from "../../capture/trace/writerMark.ts";
import {checkLine} from "../contract/checkLine.ts";
import {MAX_ITEMS} from "../contract/evalBounds.ts";
import {evalSpecSchema, itemResultSchema, itemSchema, type EvalItem, type EvalSpec, type ItemResult} from "../contract/evalSchemas.ts";
import {readJsonLines} from "../files/jsonLines.ts";
import {sealedLine, wholeLines, type KeptLinesOptions} from "../files/keptLines.ts";
import {cutToWholeLines, mendLines, type LinesState} from "../files/mendLines.ts";
import {sweepPassing} from "../files/passing.ts";
import {refuseOccupied} from "../files/refuseOccupied.ts";

/** An evaluation is a folder: spec.json, items.jsonl, and results.jsonl with a sealed line for each item that is answered, in their order. */
const SPEC_FILE = "spec.json";
const ITEMS_FILE = "items.jsonl";
const RESULTS_FILE = "results.jsonl";
const MAX_SPEC_BYTES = 2 ** 20;

export const resultsFile = (dir: string): string => join(dir, RESULTS_FILE);

export const itemsHash = (items: readonly EvalItem[]): string => createHash("sha256").update(itemsText(items)).digest("hex");
const itemsText = (items: readonly EvalItem[]): string => items.map((item) => `${JSON.stringify(item)}\n`).join("");

/**
 * Makes an evaluation's folder, or finds one that was made under the same spec. Throws a Refusal that names what differs, with both values, or for a folder of
 * something else.
 */
export async function createEval(dir: string, spec: EvalSpec, items: readonly EvalItem[]): Promise<void> {
  const before = await specIn(dir);
  if (before) {
    refuseOther(dir, before, spec);
    return;
  }
  await refuseOccupied(dir, {what: "evaluation", begun: [ITEMS_FILE]});
  try {
    await ensureFolder(dir);
    await writeFile(join(dir, ITEMS_FILE), itemsText(items));
    await replaceFile(join(dir, SPEC_FILE), `${JSON.stringify(spec, undefined, 1)}\n`); // last: without it the folder is no evaluation
  } catch (error) {
    throw diskFault(error, dir);
  }
}

/** A folder that this process writes. */
interface OpenEval extends LinesState {
  readonly spec: EvalSpec;
  readonly items: readonly EvalItem[];
  /** The answers that can be read, in the items' order. */
  readonly results: readonly ItemResult[];
  append(result: ItemResult): Promise<void>;
  /** Puts answers in the place of those that cannot be read. */
  mend(results: readonly ItemResult[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a folder to go on with: a last line that a kill cut short is cut off, and an item whose line cannot be read is answered again. Throws a Refusal where
 * it is no evaluation, or another process writes it.
 */
export async function openEval(dir: string): Promise<OpenEval> {
  const {spec, items} = await readEval(dir);
  if (await isBeingWritten(dir)) throw new Refusal(`evaluation in use: ${dir} is being written by another process`, {kind: "conflict"});
  const lease = await markWriter(dir);
  await sweepPassing(dir);
  let file: FileHandle | undefined; // where answers are put
  try {
    const path = resultsFile(dir);
    const results: ItemResult[] = [];
    const state = await cutToWholeLines(path, linesOf(spec), (result) => results.push(result));
    file = await open(path, "a");
    return {
      ...state,
      spec,
      items,
      results,
      append: async (result) => {
        if (lease.lost)
          throw new Refusal(`folder in use: ${dir}: another process took this evaluation for a dead one's`, {kind: "conflict"});
        await file!.appendFile(`${sealedLine(JSON.stringify(result))}\n`).catch((error: unknown) => {
          throw diskFault(error, dir);
        });
      },
      async mend(again) {
        await file!.close();
        await mendLines(path, linesOf(spec), new Map(again.map((result) => [result.index, JSON.stringify(result)])));
        file = await open(path, "a");
      },
      async close() {
        await file!.close();
        await lease.release();
      }
    };
  } catch (error) {
    await file?.close();
    await lease.release();
    throw diskFault(error, dir);
  }
}

/** What a folder is about. Throws a Refusal where it is no evaluation. */
export async function readEval(dir: string): Promise<{readonly spec: EvalSpec; readonly items: readonly EvalItem[]}> {
  const spec = await readEvalSpec(dir);
  const items = await readJsonLines(join(dir, ITEMS_FILE), {
    what: "items of an evaluation",
    schema: itemSchema,
    expected: "an item",
    most: MAX_ITEMS
  });
  if (items.length !== spec.items.count || itemsHash(items) !== spec.items.hash)
    throw new Refusal(`invalid ${join(dir, ITEMS_FILE)}: its items are not those of the spec`, {kind: "damaged"});
  return {spec, items};
}

export async function readEvalSpec(dir: string): Promise<EvalSpec> {
  const spec = await specIn(dir);
  if (!spec) throw new Refusal(`unknown evaluation: ${dir}`, {kind: "unknown"});
  return spec;
}

/** How far a folder is, by its lines alone: whether they can be read is not looked at. */
export async function readEvalState(dir: string): Promise<{readonly spec: EvalSpec; readonly finished: number; readonly live: boolean}> {
  const [spec, live] = await Promise.all([readEvalSpec(dir), isBeingWritten(dir)]);
  let lines = 0;
  for await (const _ of wholeLines(resultsFile(dir))) ++lines;
  return {spec, finished: Math.min(lines, spec.items.count), live};
}

async function specIn(dir: string): Promise<EvalSpec | undefined> {
  const path = join(dir, SPEC_FILE);
  const value = await jsonFileIfThere(path, {maxBytes: MAX_SPEC_BYTES, error: TraceFormatError});
  if (value === undefined) return undefined;
  const parsed = evalSpecSchema.safeParse(value);
  if (!parsed.success) throw new Refusal(`invalid ${path}: ${checkLine(parsed.error, value)}`, {kind: "damaged"});
  return parsed.data;
}

/** How an evaluation's results are read. */
export const linesOf = ({settings, items}: EvalSpec): KeptLinesOptions<ItemResult> => ({
  schema: itemResultSchema.refine(({outcomes}) => outcomes.length === settings.length, {
    message: `expected ${settings.length} outcomes`,
    path: ["outcomes"]
  }),
  count: items.count
});

/** Titles, owners and times may differ; trained steps are the model's, and were not always said. */
function refuseOther(dir: string, before: EvalSpec, now: EvalSpec): void {
  const told = ({title: _title, owner: _owner, created: _created, model: {trained_steps: _steps, ...model}, ...rest}: EvalSpec) => ({
    ...rest,
    model
  });
  const [one, other]: Record<string, unknown>[] = [told(before), told(now)];
  for (const key of Object.keys(one)) {
    const [was, is] = [JSON.stringify(one[key]), JSON.stringify(other[key])];
    if (was !== is) throw new Refusal(`invalid ${key}: ${is}; the evaluation in ${dir} was made with ${was}`, {kind: "conflict"});
  }
}
