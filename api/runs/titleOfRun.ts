import type {Trace} from "../../capture/trace/schema.ts";
import {titleOfWords} from "../contract/titleOfWords.ts";

/** What a run is called: as it was titled, or as its prompt or its tokens read, no longer than a title may be. */
export const titleOfRun = ({
  title,
  prompt,
  tokens
}: Pick<Trace, "title" | "prompt"> & {readonly tokens: readonly {readonly text: string}[]}): string =>
  title ?? titleOfWords(prompt ?? tokens.map(({text}) => text).join(""));
