import {readFile} from "node:fs/promises";
import {z} from "zod";
import {MAX_PROMPT_CHARACTERS} from "../capture/captureSpec.ts";
import {checkLine} from "./checkLine.ts";

const MAX_PROMPTS = 100_000;

const lineSchema = z.object({prompt: z.string().min(1).max(MAX_PROMPT_CHARACTERS)});

/** Reads a file of `{"prompt": …}` lines; empty lines are skipped. Throws an Error that names the first broken line. */
export async function readPromptFile(path: string): Promise<string[]> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new Error(cause.code === "ENOENT" ? `missing prompt file: ${path}` : `invalid prompt file: ${path}: ${cause.message}`, {cause});
  });
  const prompts: string[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    if (prompts.length === MAX_PROMPTS) throw new Error(`invalid prompt file: ${path} holds more than ${MAX_PROMPTS} prompts`);
    prompts.push(promptOf(line, `${path} line ${i + 1}`));
  }
  if (prompts.length === 0) throw new Error(`invalid prompt file: ${path} holds no prompt; expected {"prompt": …} a line`);
  return prompts;
}

function promptOf(line: string, where: string): string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new Error(`invalid ${where}: not JSON; expected {"prompt": …}`, {cause});
  }
  const parsed = lineSchema.safeParse(value);
  if (!parsed.success) throw new Error(`invalid ${where}: ${checkLine(parsed.error, value)}`);
  return parsed.data.prompt;
}
