import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {printTable} from "../bench/table.ts";
import {buildPrograms} from "../support/builtPrograms.ts";
import {killedNames, loseNothing} from "../support/kills/loseNothing.ts";
import {wholeFrom} from "../support/readNumber.ts";

/**
 * `npm run test:soak -- nothingLost [--kills 100] [--seed 1] [--only server] [--end full]`: kill −9, or a disk without room, in seeded changes of the disk by everything that writes, half of them half done; prints what
 * the next process found of what was being made, or of the orders that a server had taken. Ends with status 1 where anything was lost.
 */
export async function soak(args: readonly string[]): Promise<void> {
  const {values} = parseArgs({
    args: [...args],
    options: {
      kills: {type: "string", default: "100"},
      seed: {type: "string", default: "1"},
      only: {type: "string"},
      end: {type: "string", default: "kill"}
    }
  });
  const [kills, seed] = [wholeFrom(1, "--kills", values.kills), wholeFrom(0, "--seed", values.seed)];
  await buildPrograms();
  const end = values.end === "full" ? "full" : "kill";
  const folder = await mkdtemp(join(tmpdir(), "orrery-kills-"));
  try {
    const outcomes = await loseNothing(folder, {
      kills,
      seed,
      end,
      names: values.only === undefined ? undefined : killedNames.filter((name) => name === values.only),
      tell: (line) => console.log(line)
    });
    const {row} = printTable([end === "full" ? "disk full while" : "killed while", "times", "absent", "partial", "whole", "lost"], "text");
    for (const {deed, kills, absent, partial, whole, lost} of outcomes)
      row([deed, ...[kills, absent, partial, whole, lost.length].map(String)]);
    process.exitCode = outcomes.some(({lost}) => lost.length > 0) ? 1 : 0;
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}
