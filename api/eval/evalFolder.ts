import {createHash} from "node:crypto";
import {mkdir, open, readdir, readFile, writeFile, type FileHandle} from "node:fs/promises";
import {join} from "node:path";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {parseJson} from "../../capture/trace/json.ts";
import {diskFault, Refusal} from "../../capture/trace/refusal.ts";
import {isBeingWritten, markWriter} from "../../capture/trace/writerMark.ts";
import {checkLine} from "../contract/checkLine.ts";
import {
  evalSpecSchema,
  itemResultSchema,
  itemSchema,
  MAX_ITEMS,
  type EvalItem,
  type EvalSpec,
  type ItemResult
} from "../contract/evalSchemas.ts";
import {readJsonLines} from "../files/jsonLines.ts";
import {keptLines, sealedLine} from "../files/keptLines.ts";
import {cutToWholeLines, mendLines, type LinesState} from "../files/mendLines.ts";
import {replaceFile} from "../../capture/trace/replaceFile.ts";

/** An evaluation is a folder: spec.json, items.jsonl, and results.jsonl with a line for each item that is answered, in their order. */
const SPEC_FILE = "spec.json";
const ITEMS_FILE = "items.jsonl";
const RESULTS_FILE = "results.jsonl";

export const itemsHash = (items: readonly EvalItem[]): string => createHash("sha256").update(itemsText(items)).digest("hex");
const itemsText = (items: readonly EvalItem[]): string => items.map((item) => `${JSON.stringify(item)}\n`).join("");

/** A folder that this process writes. */
interface OpenEval extends LinesState {
  /** The answers that can be read, in the items' order. */
  readonly results: readonly ItemResult[];
  append(result: ItemResult): Promise<void>;
  /** Puts answers in the place of those that cannot be read. */
  mend(results: readonly ItemResult[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Makes an evaluation's folder, or goes on with one that was made under the same spec; a last line that a kill cut short is cut off, and
 * an item whose line cannot be read is answered again. Throws a Refusal that names what differs, with both values, or who writes it.
 */
export async function openEval(dir: string, spec: EvalSpec, items: readonly EvalItem[]): Promise<OpenEval> {
  const before = await specIn(dir);
  if (before) refuseOther(dir, before, spec);
  else if ((await ifThere(readdir(dir), [])).length > 0)
    throw new Refusal(`invalid folder: ${dir} is not empty and no evaluation; expected a new or an empty one`, {kind: "conflict"});
  if (await isBeingWritten(dir)) throw new Refusal(`evaluation in use: ${dir} is being written by another process`, {kind: "conflict"});
  await mkdir(dir, {recursive: true});
  const lease = await markWriter(dir);
  let file: FileHandle | undefined; // where answers are put
  try {
    if (!before) {
      await writeFile(join(dir, ITEMS_FILE), itemsText(items));
      await replaceFile(join(dir, SPEC_FILE), `${JSON.stringify(spec, undefined, 1)}\n`); // last: without it the folder is no evaluation
    }
    const path = join(dir, RESULTS_FILE);
    const results: ItemResult[] = [];
    const state = await cutToWholeLines(path, linesOf(spec), (result) => results.push(result));
    file = await open(path, "a");
    return {
      ...state,
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

/** What a folder holds; `damage` says which results cannot be read. Throws a Refusal where it is no evaluation. */
export async function readEval(dir: string): Promise<{
  readonly spec: EvalSpec;
  readonly items: readonly EvalItem[];
  readonly results: readonly ItemResult[];
  readonly damage: readonly string[];
}> {
  const spec = await specIn(dir);
  if (!spec) throw new Refusal(`unknown evaluation: ${dir}`, {kind: "unknown"});
  const items = await readJsonLines(join(dir, ITEMS_FILE), {
    what: "items of an evaluation",
    schema: itemSchema,
    expected: "an item",
    most: MAX_ITEMS
  });
  const results: ItemResult[] = [];
  const damage: string[] = [];
  for await (const line of keptLines(join(dir, RESULTS_FILE), linesOf(spec)))
    if ("value" in line) results.push(line.value);
    else damage.push(line.damage);
  return {spec, items, results, damage};
}

async function specIn(dir: string): Promise<EvalSpec | undefined> {
  const path = join(dir, SPEC_FILE);
  const text = await ifThere(readFile(path, "utf8"), undefined);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    throw new Refusal(`invalid ${path}: ${(cause as Error).message}`, {kind: "damaged", cause});
  }
  const parsed = evalSpecSchema.safeParse(value);
  if (!parsed.success) throw new Refusal(`invalid ${path}: ${checkLine(parsed.error, value)}`, {kind: "damaged"});
  return parsed.data;
}

const linesOf = ({settings, items}: EvalSpec) => ({
  schema: itemResultSchema.refine(({outcomes}) => outcomes.length === settings.length, {
    message: `expected ${settings.length} outcomes`,
    path: ["outcomes"]
  }),
  count: items.count
});

/** Titles, times and places may differ. */
function refuseOther(dir: string, before: EvalSpec, now: EvalSpec): void {
  const told = ({title: _title, created: _created, model: {folder: _folder, ...model}, ...rest}: EvalSpec) => ({...rest, model});
  const [one, other]: Record<string, unknown>[] = [told(before), told(now)];
  for (const key of Object.keys(one)) {
    const [was, is] = [JSON.stringify(one[key]), JSON.stringify(other[key])];
    if (was !== is) throw new Refusal(`invalid ${key}: ${is}; the evaluation in ${dir} was made with ${was}`, {kind: "conflict"});
  }
}
