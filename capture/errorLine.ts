import {diskFault, lastingPlace} from "./trace/refusal.ts";
import {withoutSecrets} from "./withoutSecrets.ts";

const MOST_CHARACTERS = 300;
const TAIL_CHARACTERS = 100;

/** Any error as one line, for a person: no stack, no line breaks, nothing that a terminal obeys, no password of an address, at most 300 characters. */
export function errorLine(thrown: unknown): string {
  const error = diskFault(thrown);
  const text = messageOf(error).replace(/\s*[\r\n]\s*/g, " ");
  return shortened(visible(withoutSecrets(text.trim()))) || "unknown error";
}

/** Node's words of what is not there would name what only passes through on its way to a name. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const {code, path} = error as NodeJS.ErrnoException;
  return code === "ENOENT" && path !== undefined ? `no such file or folder (ENOENT): ${lastingPlace(path)}` : error.message;
}

/** A long text as its head and its tail. */
function shortened(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  return `${text.slice(0, MOST_CHARACTERS - TAIL_CHARACTERS - 3)} … ${text.slice(-TAIL_CHARACTERS)}`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/**
 * A text with its control characters written out, as JSON does it (\u001b): a terminal obeys escapes and C1 characters, and marks of
 * direction make a line read as another. Tabs and line feeds stay. JSON remains the same JSON.
 */
export const visible = (text: string): string =>
  text.replace(UNSEEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
