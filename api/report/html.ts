import {visible} from "../../capture/trace/visible.ts";

/** Markup that may stand in a page as it is. */
export class Html {
  constructor(readonly markup: string) {}
}

export type HtmlPart = Html | string | number | null | undefined | readonly HtmlPart[];

/** A template whose every value is escaped, unless it is markup already; lists are joined, nothing is nothing. */
export const html = (literals: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html =>
  new Html(literals.map((literal, i) => (i === 0 ? literal : markupOf(parts[i - 1]) + literal)).join(""));

function markupOf(part: HtmlPart): string {
  if (part === null || part === undefined) return "";
  if (part instanceof Html) return part.markup;
  if (Array.isArray(part)) return part.map(markupOf).join("");
  return escaped(String(part));
}

const entities: Readonly<Record<string, string>> = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"};

/** Text as text, in elements and in quoted attributes. Control characters that HTML forbids are made visible, and marks that cannot be seen. */
export const escaped = (text: string): string =>
  visible(
    text
      .replace(/[&<>"']/g, (character) => entities[character])
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is sought
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, (character) =>
        character < " " ? String.fromCharCode(0x2400 + character.charCodeAt(0)) : "\ufffd"
      )
  );

/** JSON that may stand in a script element: what could end the element, or begin a comment in it, is written as an escape. */
export const scriptJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
