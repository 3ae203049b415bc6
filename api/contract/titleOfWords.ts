import {MAX_TITLE_CHARACTERS} from "../../capture/bounds.ts";

/** What has no title is called as its words are: all of them, or as many as a title may have, the last an ellipsis. */
export const titleOfWords = (words: string): string =>
  words.length <= MAX_TITLE_CHARACTERS ? words : `${words.slice(0, MAX_TITLE_CHARACTERS - 1).replace(/[\uD800-\uDBFF]$/, "")}…`; // no half of a character

interface Titled {
  readonly title: string;
  readonly prompt: string | null;
}

/** The prompt where the title was not made of it, and says something else. */
export const promptBeside = ({title, prompt}: Titled): string | undefined =>
  prompt === null || [prompt, prompt.trim()].some((words) => titleOfWords(words) === title) ? undefined : prompt;
