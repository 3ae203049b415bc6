import type {Pattern} from "../../api/contract/choices.ts";

/** Neighbouring tokens of one label: the first of them, and the one after the last. */
interface TokenRun {
  readonly from: number;
  readonly to: number;
  readonly label: Pattern;
}

/** The labels along a prompt as runs, in order; tokens without a label are left out. */
export function tokenRuns(labels: readonly (Pattern | undefined)[]): TokenRun[] {
  const runs: TokenRun[] = [];
  for (let from = 0, to = 0; from < labels.length; from = to) {
    const label = labels[from];
    while (to < labels.length && labels[to] === label) ++to;
    if (label) runs.push({from, to, label});
  }
  return runs;
}

/** A token amid those around it, cut to so many characters on either side. */
export function contextOf(names: readonly string[], token: number, characters = 24): {readonly before: string; readonly after: string} {
  let [before, after] = ["", ""];
  for (let i = token - 1; i >= 0 && before.length < characters; --i) before = names[i] + before;
  for (let i = token + 1; i < names.length && after.length < characters; ++i) after += names[i];
  return {before: [...before].slice(-characters).join(""), after: [...after].slice(0, characters).join("")};
}
