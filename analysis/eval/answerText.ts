/** How an answer is taken out of a generated text, and compared. */
type AnswerFilter = "exact" | "gsm8k-strict" | "gsm8k-flexible";

const NO_ANSWER = "[invalid]"; // what lm-evaluation-harness puts where its pattern finds nothing

/**
 * Whether a generated text answers as it should. `exact` compares the texts without the blanks around them. The two others are
 * lm-evaluation-harness's filters of gsm8k (tasks/gsm8k/gsm8k.yaml): the first number after `####`, and the last number anywhere; commas,
 * `$`, all up to `#### ` and a full stop at the end do not count.
 */
export function answers(text: string, answer: string, filter: AnswerFilter): boolean {
  if (filter === "exact") return text.trim() === answer.trim();
  return comparable(extracted(text, filter)) === comparable(answer);
}

/** What a filter finds in a text. */
export function extracted(text: string, filter: AnswerFilter): string {
  if (filter === "exact") return text.trim();
  const found = filter === "gsm8k-strict" ? /#### (-?[0-9.,]+)/.exec(text)?.[1] : text.match(/-?[$0-9.,]{2,}|-?[0-9]+/g)?.at(-1);
  return found?.trim() ?? NO_ANSWER;
}

const comparable = (text: string): string =>
  text
    .replace(/[,$]/g, "")
    .replace(/^.*#### /s, "")
    .replace(/\.(?=\n?$)/, "") // Python's $ also stands before a last line break
    .toLowerCase();
