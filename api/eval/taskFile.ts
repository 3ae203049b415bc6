import {basename} from "node:path";
import {z} from "zod";
import {Refusal} from "../../capture/trace/refusal.ts";
import {answerFilters, MAX_ITEMS} from "../contract/evalBounds.ts";
import {itemSchema, type EvalItem} from "../contract/evalSchemas.ts";
import {checkLine} from "../contract/checkLine.ts";
import {readNumberedLines} from "../files/jsonLines.ts";
import {harnessItem, harnessLineSchema} from "./harnessLine.ts";

const EXPECTED = '{"prompt": …, "answer": …}, the same with "choices", or a line of lm-evaluation-harness\'s sample files';

const ownLineSchema = z.object({
  prompt: z.string(),
  /** What should follow; of several choices, the right one or its index. */
  answer: z.union([z.string(), z.number()]).optional(),
  choices: z.array(z.string()).optional(),
  /** Stands between the prompt and each choice. */
  delimiter: z.string().optional(),
  id: z.union([z.string(), z.number()]).optional(),
  /** Items of one name are told apart in the table; defaults to the file's name. */
  task: z.string().optional(),
  until: z.union([z.string(), z.array(z.string())]).optional(),
  filter: z.enum(answerFilters).optional()
});

/**
 * Reads a task: a file of our own lines, or of lm-evaluation-harness's samples. Throws a Refusal that names the first broken line, or two of one id.
 * A sample that the harness judged through several filters is one item, judged by `flexible-extract` where that is among them. `name` is what the
 * file is called where its path says nothing.
 */
export async function readTask(path: string, {name = path}: {readonly name?: string} = {}): Promise<EvalItem[]> {
  const lines = await readNumberedLines(path, {
    what: "task file",
    schema: z.record(z.string(), z.unknown()),
    expected: EXPECTED,
    most: MAX_ITEMS,
    name
  });
  const task = taskName(name);
  const items = new Map<string, {readonly line: number; readonly item: EvalItem}>();
  for (const {line, value} of lines) {
    const where = `${name} line ${line}`;
    const isSample = "arguments" in value;
    const made = isSample
      ? {task, ...(harnessItem(parsed(harnessLineSchema, value, where), where) as object)}
      : ownItem({task, ...parsed(ownLineSchema, value, where)}, where);
    const item = parsed(itemSchema, made, where);
    const key = item.id === undefined ? `line ${line}` : isSample ? JSON.stringify([item.id, item.prompt]) : `id ${item.id}`;
    const before = items.get(key);
    if (before && !isOtherFilter(before.item, item))
      throw new Refusal(`invalid ${where}: id ${item.id} is line ${before.line}'s; expected one of its own`);
    if (!before || isFlexible(item)) items.set(key, {line, item});
  }
  return [...items.values()].map(({item}) => item);
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const {success, data, error} = schema.safeParse(value);
  if (!success) throw new Refusal(`invalid ${where}: ${checkLine(error, value)}`);
  return data;
}

const isFlexible = (item: EvalItem): boolean => item.kind === "text" && item.filter === "gsm8k-flexible";
const isOtherFilter = (a: EvalItem, b: EvalItem): boolean => a.kind === "text" && b.kind === "text" && a.filter !== b.filter;

/** `samples_arc_easy_2025-01-01T00-00-00.000000.jsonl` is about arc_easy. */
const taskName = (path: string): string =>
  (
    basename(path)
      .replace(/\.\w+$/, "")
      .replace(/^samples_(.+?)_\d{4}-.*$/, "$1") || "all"
  ).slice(0, 100);

function ownItem(
  {prompt, answer, choices, delimiter = "", id, task, until = [], filter = "exact"}: z.infer<typeof ownLineSchema>,
  where: string
): unknown {
  if (answer === undefined || String(answer).trim() === "") throw new Refusal(`invalid ${where}: missing answer; expected ${EXPECTED}`);
  const named = {...(id !== undefined && {id: String(id)}), task};
  if (!choices) return {kind: "text", ...named, prompt, answer: String(answer), until: [until].flat(), filter};
  const index = typeof answer === "number" ? answer : choices.indexOf(answer);
  if (!(Number.isInteger(index) && index >= 0 && index < choices.length))
    throw new Refusal(
      `invalid ${where}: answer ${JSON.stringify(answer)}; expected one of the ${choices.length} choices, or its index from 0`
    );
  return {kind: "choice", ...named, prompt, choices, delimiter, answer: index};
}
