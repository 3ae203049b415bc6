import type {Command} from "commander";
import {compareCensuses} from "../census/compareCensuses.ts";
import type {CensusComparison} from "../contract/censusAnswers.ts";
import {examples} from "./options.ts";
import {print, printJson} from "./print.ts";
import {asUsageErrors, userFolder} from "./usage.ts";

export function addCompare(verb: Command): void {
  verb
    .option("--json", "print one JSON document on stdout and nothing else")
    .addHelpText("after", examples("compare censuses/plain censuses/with-system-prompt"))
    .action(compare);
}

async function compare(census: string, other: string, {json}: {readonly json?: boolean}): Promise<void> {
  const [first, second] = [await userFolder(census), await userFolder(other)];
  const found = await asUsageErrors(compareCensuses(first, second));
  await (json ? printJson({first, other: second, ...found}) : tell(found));
}

async function tell({paired, shares, same, tokens, crossed}: CensusComparison): Promise<void> {
  await print(`prompts ${paired ? "as pairs" : "of two samples"}; shares [95 %] of the first, of the other, and the difference`);
  for (const {group, label, first, other, difference, low, high} of shares) {
    const name = `${group ?? "all"} ${label}`.padEnd(24);
    const given = [first, other].map((one) => `${percent(one.share ?? 0)} [${percent(one.low)}, ${percent(one.high)}]`.padEnd(28));
    const sure = low > 0 || high < 0 ? "  *" : "";
    await print(`${name} ${given.join(" ")} ${percent(difference ?? 0)} [${percent(low)}, ${percent(high)}]${sure}`);
  }
  if (crossed === null || tokens === null) return;
  await print(`the same label: ${same} of ${tokens} trajectories of the same token`);
  for (const [label, others] of Object.entries(crossed))
    for (const [now, count] of Object.entries(others)) if (count > 0 && now !== label) await print(`${label} → ${now}: ${count}`);
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;
