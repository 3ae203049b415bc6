import {readFileSync} from "node:fs";

const KEPT_BACK = 1 / 10; // of the text, its end

interface English {
  readonly shown: string;
  /** What is never trained on. */
  readonly keptBack: string;
}

let read: English | undefined;

/** Plain English in small letters and one line: Lewis Carroll's Alice's Adventures in Wonderland (1865, in the public domain), without its headings. */
export function english(): English {
  if (read) return read;
  const text = readFileSync(new URL("alice.txt", import.meta.url), "utf8")
    .trimEnd()
    .replaceAll("\n", " ");
  const end = Math.floor(text.length * (1 - KEPT_BACK));
  read = {shown: text.slice(0, end), keptBack: text.slice(end)};
  return read;
}
