import {MAX_TITLE_CHARACTERS} from "../../capture/bounds.ts";

/** What is made of a file is called as the file is, without its folder and ending, and no longer than a title may be. */
export const titleOfFile = (path: string): string =>
  path
    .split(/[/\\]/)
    .at(-1)!
    .replace(/\.\w+$/, "")
    .slice(0, MAX_TITLE_CHARACTERS);
