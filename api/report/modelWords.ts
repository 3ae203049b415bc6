import {loadCheckpoint} from "../../capture/families/loadCheckpoint.ts";
import {loadTokenizer} from "../../capture/model/tokenizer.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";

/** Texts by id, as far as they are known. */
type Words = Readonly<Record<string, string>>;

/**
 * How ids of a run read: as the run keeps them, else in the words of the model that ran. Without its folder, or where the folder's tokenizer reads the prompt
 * otherwise than the run did and so is another one, only the ids that occur in the prompt are known.
 */
export async function modelWords(
  {trace: {tokens}, ...reader}: Pick<TraceReader, "trace" | "readTexts">,
  ids: readonly number[],
  folder: string | undefined
): Promise<Words> {
  const kept = await reader.readTexts();
  if (kept && ids.every((id) => kept.has(id))) return wordsOf(ids.map((id) => ({id, text: kept.get(id)!})));
  const known = new Map(tokens.map(({id, text}) => [id, text]));
  const read = folder === undefined ? undefined : await readerOf(folder);
  if (read?.([...known.keys()]).every(({id, text}) => known.get(id) === text)) return wordsOf(read(ids));
  return wordsOf(ids.flatMap((id) => (known.has(id) ? [{id, text: known.get(id)!}] : [])));
}

async function readerOf(folder: string): Promise<(ids: readonly number[]) => readonly {readonly id: number; readonly text: string}[]> {
  const {model, close} = await loadCheckpoint(folder);
  await close();
  const tokenizer = await loadTokenizer(folder, model);
  return (ids) => {
    const inside = ids.filter((id) => id < model.vocab);
    return inside.length === 0 ? [] : batches(inside, model.maxTokens).flatMap((batch) => tokenizer.tokens(batch));
  };
}

/** A tokenizer takes as many ids at once as its model does. */
function batches(ids: readonly number[], size: number): number[][] {
  return Array.from({length: Math.ceil(ids.length / size)}, (_, i) => ids.slice(i * size, (i + 1) * size));
}

const wordsOf = (tokens: readonly {readonly id: number; readonly text: string}[]): Words =>
  Object.fromEntries(tokens.map(({id, text}) => [String(id), text]));
