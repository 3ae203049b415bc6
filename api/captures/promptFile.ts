import {readFile} from "node:fs/promises";
import {z} from "zod";
import {MAX_PROMPT_CHARACTERS} from "../../capture/bounds.ts";
import {checkLine} from "../contract/checkLine.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

const MAX_PROMPTS = 100_000;

const text = z.string().min(1).max(MAX_PROMPT_CHARACTERS);
const lineSchema = z.object({prompt: text, answer: text.optional()});

/** One line: a prompt, and the text that should follow where it is known. */
export type PromptLine = z.infer<typeof lineSchema>;

/** The prompts of a file of `{"prompt": …}` lines. */
export const readPromptFile = async (path: string): Promise<string[]> => (await readPromptLines(path)).map(({prompt}) => prompt);

/** Reads a file of `{"prompt": …}` lines, with or without an `answer`; empty lines are skipped. Throws an Error that names the first broken line. */
export async function readPromptLines(path: string): Promise<PromptLine[]> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new Refusal(cause.code === "ENOENT" ? `missing prompt file: ${path}` : `invalid prompt file: ${path}: ${cause.message}`, {cause});
  });
  const prompts: PromptLine[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    if (prompts.length === MAX_PROMPTS) throw new Refusal(`invalid prompt file: ${path} holds more than ${MAX_PROMPTS} prompts`);
    prompts.push(lineOf(line, `${path} line ${i + 1}`));
  }
  if (prompts.length === 0) throw new Refusal(`invalid prompt file: ${path} holds no prompt; expected {"prompt": …} a line`);
  return prompts;
}

function lineOf(line: string, where: string): PromptLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new Refusal(`invalid ${where}: not JSON; expected {"prompt": …}`, {cause});
  }
  const parsed = lineSchema.safeParse(value);
  if (!parsed.success) throw new Refusal(`invalid ${where}: ${checkLine(parsed.error, value)}`);
  return parsed.data;
}
