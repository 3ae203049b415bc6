export interface PromptLine {
  readonly prompt: string;
  readonly answer?: string;
}

const MAX_PROMPTS = 1000; // the server's own limit is higher; a form with more is better a file

/**
 * Prompts out of a text, one a line; a tab parts a prompt from the answer that should follow. `\n` written out is a newline.
 * Throws a RangeError for no prompt and for too many.
 */
export function promptLinesOf(text: string): PromptLine[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length === 0) throw new RangeError("no prompts: expected at least one line");
  if (lines.length > MAX_PROMPTS) throw new RangeError(`too many prompts: ${lines.length}; expected at most ${MAX_PROMPTS}`);
  return lines.map((line) => {
    const [prompt, answer] = line.split("\t").map((part) => part.replaceAll("\\n", "\n"));
    return answer ? {prompt, answer} : {prompt};
  });
}
