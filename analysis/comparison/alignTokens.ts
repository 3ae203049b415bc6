import {Refusal} from "../../capture/trace/refusal.ts";

/** A token of a prompt: its id in the vocabulary of its model, and how it reads. */
interface AlignToken {
  readonly id: number;
  readonly text: string;
}

interface Alignment {
  /** What makes two tokens the same: their ids, or, where one id reads differently in the two vocabularies, their texts. */
  readonly by: "id" | "text";
  /** For every token of the first prompt its partner in the second, by index; −1 where it has none. Strictly increasing otherwise. */
  readonly partners: Int32Array;
  /** How many tokens of the first prompt have a partner. */
  readonly count: number;
}

const MAX_CELLS = 2 ** 26; // two prompts of 8,192 tokens that share neither their beginning nor their end

/**
 * Pairs the tokens of two prompts in order, as many as can be: a longest common subsequence, in which the earliest partners
 * win among equals. Throws a Refusal for prompts whose differing middles are too long for it.
 */
export function alignTokens(first: readonly AlignToken[], second: readonly AlignToken[]): Alignment {
  const by = isOneVocabulary(first, second) ? "id" : "text";
  const same = (i: number, j: number): boolean => (by === "id" ? first[i].id === second[j].id : first[i].text === second[j].text);
  const partners = new Int32Array(first.length).fill(-1);
  let start = 0;
  while (start < first.length && start < second.length && same(start, start)) partners[start] = start++;
  let [endA, endB] = [first.length, second.length];
  while (endA > start && endB > start && same(endA - 1, endB - 1)) partners[--endA] = --endB;
  alignMiddle(partners, same, {start, rows: endA - start, cols: endB - start});
  return {by, partners, count: partners.reduce((sum, partner) => sum + Number(partner >= 0), 0)};
}

/** Whether every id that both prompts use reads the same in both. */
function isOneVocabulary(first: readonly AlignToken[], second: readonly AlignToken[]): boolean {
  const texts = new Map(first.map(({id, text}) => [id, text]));
  return second.every(({id, text}) => (texts.get(id) ?? text) === text);
}

function alignMiddle(
  partners: Int32Array,
  same: (i: number, j: number) => boolean,
  {start, rows, cols}: {start: number; rows: number; cols: number}
): void {
  if (rows * cols > MAX_CELLS)
    throw new Refusal(`invalid alignment: ${rows} × ${cols} tokens that differ; expected a product of at most ${MAX_CELLS}`);
  const longest = new Uint16Array((rows + 1) * (cols + 1)); // [i][j]: common tokens of what is left from i and j on
  const at = (i: number, j: number): number => i * (cols + 1) + j;
  for (let i = rows - 1; i >= 0; --i) {
    for (let j = cols - 1; j >= 0; --j) {
      longest[at(i, j)] = same(start + i, start + j)
        ? longest[at(i + 1, j + 1)] + 1
        : Math.max(longest[at(i + 1, j)], longest[at(i, j + 1)]);
    }
  }
  for (let i = 0, j = 0; i < rows && j < cols; ) {
    if (same(start + i, start + j)) partners[start + i++] = start + j++;
    else if (longest[at(i + 1, j)] >= longest[at(i, j + 1)]) ++i;
    else ++j;
  }
}
