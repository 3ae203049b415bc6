import {benjaminiHochberg} from "../../analysis/patterns/statistics/benjaminiHochberg.ts";
import {ALPHA} from "../../analysis/patterns/classifyRun.ts";
import type {Pattern} from "../../analysis/patterns/labels.ts";
import type {CensusRow} from "./censusRow.ts";

/** What of a row its label is made of. */
export type ClaimCells = Pick<CensusRow, "claim" | "p" | "bad_from">;

/** Labels of rows that are judged together, with their q-values (Benjamini and Hochberg 1995); those with a number that is not finite have a q of 1. */
export function labelsOfClaims(claims: readonly ClaimCells[]): {readonly labels: Pattern[]; readonly q: number[]} {
  const judged = claims.flatMap(({bad_from}, i) => (bad_from === null ? [i] : []));
  const q = new Array<number>(claims.length).fill(1);
  benjaminiHochberg(judged.map((i) => claims[i].p)).forEach((value, i) => {
    q[judged[i]] = value;
  });
  return {q, labels: claims.map(({claim}, i) => (q[i] <= ALPHA ? claim : "unsettled"))};
}
