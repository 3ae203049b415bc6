import {z} from "zod";
import {Refusal} from "../../capture/trace/refusal.ts";
import {answerFilters, itemSchema, MAX_ITEMS, type EvalItem} from "../contract/evalSchemas.ts";
import {checkLine} from "../contract/checkLine.ts";
import {readJsonLines} from "../files/jsonLines.ts";
import {harnessItem, harnessLineSchema} from "./harnessLine.ts";

const EXPECTED = '{"prompt": …, "answer": …}, the same with "choices", or a line of lm-evaluation-harness\'s sample files';

const ownLineSchema = z.object({
  prompt: z.string(),
  /** What should follow; of several choices, the right one or its index. */
  answer: z.union([z.string(), z.number()]).optional(),
  choices: z.array(z.string()).optional(),
  /** Items of one name are told apart in the table. */
  task: z.string().optional(),
  until: z.union([z.string(), z.array(z.string())]).optional(),
  filter: z.enum(answerFilters).optional()
});

/** Reads a task: a file of our own lines, or of lm-evaluation-harness's samples. Throws a Refusal that names the first broken line. */
export async function readTask(path: string): Promise<EvalItem[]> {
  const lines = await readJsonLines(path, {
    what: "task file",
    schema: z.union([harnessLineSchema, ownLineSchema]),
    expected: EXPECTED,
    most: MAX_ITEMS
  });
  return lines.map((line, i) => {
    const where = `${path} item ${i + 1}`;
    const item = "arguments" in line ? harnessItem(line, where) : ownItem(line, where);
    const parsed = itemSchema.safeParse(item);
    if (!parsed.success) throw new Refusal(`invalid ${where}: ${checkLine(parsed.error, item)}`);
    return parsed.data;
  });
}

function ownItem(
  {prompt, answer, choices, task = "all", until = [], filter = "exact"}: z.infer<typeof ownLineSchema>,
  where: string
): unknown {
  if (answer === undefined) throw new Refusal(`invalid ${where}: missing answer; expected ${EXPECTED}`);
  if (!choices) return {kind: "text", task, prompt, answer: String(answer), until: [until].flat(), filter};
  const index = typeof answer === "number" ? answer : choices.indexOf(answer);
  if (!(Number.isInteger(index) && index >= 0 && index < choices.length))
    throw new Refusal(
      `invalid ${where}: answer ${JSON.stringify(answer)}; expected one of the ${choices.length} choices, or its index from 0`
    );
  return {kind: "choice", task, prompt, choices, answer: index};
}
