import type {TwoByTwo} from "./fisherExact.ts";

const ALPHA = 0.05; // below it a difference is called one, as everywhere for a single test

/** What a table of settled and right, settled and wrong; not settled and right, not settled and wrong says, with the exact test's p. */
export function settlingSentence([[a, b], [c, d]]: TwoByTwo, p: number): string {
  const [settled, others] = [a + b, c + d];
  if (b + d === 0)
    return `All ${settled + others} answers that have a label are right, whether they settled (${settled}) or not (${others}).`;
  if (others === 0)
    return `All ${settled} answers that have a label settled, the ${b} wrong ones too: nothing here fails for want of settling.`;
  if (settled === 0)
    return `None of the ${others} answers that have a label settled, ${d} of them wrong: there is nothing to compare with.`;
  const share = (part: number, whole: number): string => `${part} of ${whole} (${((100 * part) / whole).toFixed(1)} %)`;
  const counts = `Wrong are ${share(b, settled)} settled answers and ${share(d, others)} of those that did not settle`;
  const more = d / others > b / settled ? "more often where the model did not settle" : "more often where it settled";
  return p < ALPHA
    ? `${counts}: failures come ${more} (Fisher’s exact p = ${p.toPrecision(2)}).`
    : `${counts}: no difference beyond chance (Fisher’s exact p = ${p.toPrecision(2)}).`;
}
