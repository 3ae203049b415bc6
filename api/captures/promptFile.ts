import {z} from "zod";
import {MAX_PROMPT_CHARACTERS} from "../../capture/bounds.ts";
import {readJsonLines} from "../files/jsonLines.ts";

const MAX_PROMPTS = 100_000;

const text = z.string().min(1).max(MAX_PROMPT_CHARACTERS);
const lineSchema = z.object({prompt: text, answer: text.optional()});

/** One line: a prompt, and the text that should follow where it is known. */
type PromptLine = z.infer<typeof lineSchema>;

/** The prompts of a file of `{"prompt": …}` lines. */
export const readPromptFile = async (path: string): Promise<string[]> => (await readPromptLines(path)).map(({prompt}) => prompt);

/** Reads a file of `{"prompt": …}` lines, with or without an `answer`. Throws an Error that names the first broken line. */
export const readPromptLines = (path: string): Promise<PromptLine[]> =>
  readJsonLines(path, {what: "prompt file", schema: lineSchema, expected: '{"prompt": …}', most: MAX_PROMPTS});
