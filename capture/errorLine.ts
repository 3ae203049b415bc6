import {diskFault, lastingPlace} from "./trace/refusal.ts";
import {visible} from "./trace/visible.ts";
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
