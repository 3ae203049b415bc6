import {interimCounts} from "../census/interimCounts.ts";
import type {CensusInterim} from "../contract/censusAnswers.ts";

const LOOK_MS = 5000; // all q-values are made anew

/** The labels of a census so far, for its progress line: looked up now and then, behind the caller's back; "" until there are some. */
export function interimNote(dir: string): () => string {
  let [text, looked, isLooking] = ["", -Infinity, false];
  return () => {
    if (!isLooking && performance.now() - looked >= LOOK_MS) {
      isLooking = true;
      void interimCounts(dir)
        .then((interim) => (text = interimWords(interim)))
        .catch(() => {}) // whoever makes the census meets the same fault, and tells it
        .finally(() => {
          isLooking = false;
          looked = performance.now();
        });
    }
    return text;
  };
}

/** `; interim labels of 32 prompts: 350 converging, 2 unsettled`. */
export function interimWords({prompts, rows, counts}: CensusInterim): string {
  const found = Object.entries(counts).filter(([, count]) => count > 0);
  return rows === 0 ? "" : `; interim labels of ${prompts} prompts: ${found.map(([label, count]) => `${count} ${label}`).join(", ")}`;
}
