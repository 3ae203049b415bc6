import {MAX_REQUEST_PROMPTS} from "../../api/contract/choices.ts";

interface PromptLine {
  readonly prompt: string;
  readonly answer?: string;
}

/**
 * Prompts out of a text, one a line; a tab parts a prompt from the answer that should follow. `\n`, `\t`, `\r`, `\\` and `\u0020` stand for a character that a line cannot show. Lines
 * without a visible character are skipped. Throws a RangeError that names the line, from 1.
 */
export function promptLinesOf(text: string): PromptLine[] {
  const prompts: PromptLine[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    const parts = line.split("\t");
    if (parts.length > 2) throw new RangeError(`line ${i + 1} has ${parts.length - 1} tabs; expected one, between prompt and answer`);
    const [prompt, answer] = parts.map(shownAsMeant);
    if (prompt === "") throw new RangeError(`line ${i + 1} has no prompt before its tab`);
    prompts.push(answer ? {prompt, answer} : {prompt});
  }
  if (prompts.length > MAX_REQUEST_PROMPTS)
    throw new RangeError(`${prompts.length} prompts; expected at most ${MAX_REQUEST_PROMPTS} here, more in a shell`);
  return prompts;
}

/** The text that promptLinesOf reads back as these prompts. */
export const promptTextOf = (prompts: readonly PromptLine[]): string =>
  prompts.map(({prompt, answer}) => [prompt, ...(answer === undefined ? [] : [answer])].map(escaped).join("\t")).join("\n");

/** Prompts out of a chosen file: `.jsonl` with a {"prompt": …, "answer": …} a line, anything else as a text typed here. Throws an Error that names the first broken line. */
export function promptsInFile(name: string, text: string): PromptLine[] {
  const prompts = /\.(jsonl|ndjson)$/i.test(name) ? jsonLines(name, text) : inTextFile(name, text);
  if (prompts.length === 0) throw new Error(`${name} holds no prompt; expected one a line`);
  if (prompts.length > MAX_REQUEST_PROMPTS)
    throw new Error(`${name} holds ${prompts.length} prompts; expected at most ${MAX_REQUEST_PROMPTS} here, more in a shell`);
  return prompts;
}

function inTextFile(name: string, text: string): PromptLine[] {
  try {
    return promptLinesOf(text);
  } catch (cause) {
    throw new Error(`${name} ${(cause as Error).message}`, {cause});
  }
}

const jsonLines = (name: string, text: string): PromptLine[] =>
  text
    .replace(/^\uFEFF/, "") // a byte order mark
    .split(/\r?\n/)
    .flatMap((line, i) => (line.trim() === "" ? [] : [jsonLine(line, `${name} line ${i + 1}`)]));

function jsonLine(line: string, where: string): PromptLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new Error(`${where} is not JSON: ${line.slice(0, 60)}; expected {"prompt": …}`, {cause});
  }
  const {prompt, answer} = (value ?? {}) as {prompt?: unknown; answer?: unknown};
  if (typeof prompt !== "string" || prompt === "")
    throw new Error(`${where} has the prompt ${JSON.stringify(prompt) ?? "nothing"}; expected a text`);
  if (answer !== undefined && (typeof answer !== "string" || answer === ""))
    throw new Error(`${where} has the answer ${JSON.stringify(answer)}; expected a text, or none`);
  return answer === undefined ? {prompt} : {prompt, answer};
}

const SIGNS: Readonly<Record<string, string>> = {n: "\n", t: "\t", r: "\r", "\\": "\\"};

const shownAsMeant = (text: string): string =>
  text.replace(/\\(?:([ntr\\])|u([0-9a-fA-F]{4}))/g, (_, sign: string | undefined, code: string) =>
    sign ? SIGNS[sign] : String.fromCharCode(Number.parseInt(code, 16))
  );

function escaped(text: string): string {
  const line = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t").replaceAll("\r", "\\r");
  return line.trim() === "" ? line.replace(/^./, "\\u0020") : line; // a line of spaces would be skipped
}
