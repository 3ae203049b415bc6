import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {printTable} from "../bench/table.ts";
import {loseNothing} from "../support/nothingLost.ts";

/**
 * `npm run test:soak -- nothingLost [--kills 100] [--seed 1]`: kill −9 at seeded moments of everything that writes; prints what was found after each. Ends
 * with status 1 where anything was lost.
 */
export async function soak(args: readonly string[]): Promise<void> {
  const {values} = parseArgs({args: [...args], options: {kills: {type: "string", default: "100"}, seed: {type: "string", default: "1"}}});
  const folder = await mkdtemp(join(tmpdir(), "orrery-kills-"));
  try {
    const outcomes = await loseNothing(folder, {kills: Number(values.kills), seed: Number(values.seed)});
    const {row} = printTable(["killed while", "kills", "whole", "partial", "lost"], "text");
    for (const {deed, kills, whole, partial, lost} of outcomes) row([deed, ...[kills, whole, partial, lost.length].map(String)]);
    for (const {deed, lost} of outcomes) for (const line of lost) console.log(`${deed}: ${line}`);
    process.exitCode = outcomes.some(({lost}) => lost.length > 0) ? 1 : 0;
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}
