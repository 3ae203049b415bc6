import {MEASURES} from "../../analysis/measures/measures.ts";

const PICTURES: Readonly<Record<string, string>> = {
  portrait: "the label's picture",
  plane: "PCA",
  umap: "UMAP",
  waterfall: "waterfall",
  rotations: "rotations",
  space: "3-D"
};

const measureName = (key: string): string => (Object.hasOwn(MEASURES, key) ? MEASURES[key as keyof typeof MEASURES].name : key);

/** What each key of a view's address says, in the order in which it is told; others are not worth a word. */
const WORDS: Readonly<Record<string, (value: string) => string>> = {
  t: (value) => (value === "none" ? "no token" : `${/[,-]/.test(value) ? "tokens" : "token"} ${value.replaceAll(",", ", ")}`),
  i: (value) => `init ${Number(value) + 1}`,
  s: (value) => `step ${value}`,
  pic: (value) => PICTURES[value] ?? value,
  pc: (value) => `components ${value}`,
  fit: (value) => `fitted on ${value}`,
  site: (value) => value,
  by: (value) => `coloured by ${value}`,
  heat: (value) => `heat map of ${measureName(value)}`,
  lens: (value) => `lens ${value}`,
  with: (value) => `beside ${value.replaceAll(",", ", ")}`
};

const MOST = 80; // characters of one part

/** A view's address in words: “token 3, step 12, PCA”. */
export function viewWords(view: string): string {
  const query = new URLSearchParams(view);
  const words = Object.entries(WORDS).flatMap(([key, say]) => {
    const value = query.get(key);
    return value ? [say(value.slice(0, MOST))] : [];
  });
  return words.join(", ") || "as it opens";
}
