import {realpath} from "node:fs/promises";
import {basename} from "node:path";
import {openTrace} from "../../capture/trace/reader.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {readCard} from "../runs/runCard.ts";
import {summaryOf} from "../runs/runSummary.ts";
import type {ShownRun} from "./galleryRun.ts";

interface ShownRunsOptions {
  readonly sites: readonly string[];
  /** The checkpoint's folder of a run, where it is at hand. */
  readonly modelOf: (dir: string) => Promise<string | undefined>;
  /** Told of what is wrong beside a run that can be shown without it. */
  readonly log: (line: string) => void;
}

/** Looks at runs before any of them is shown, each once. Throws a Refusal that names the one that still grows, is damaged or has nothing to show. */
export async function shownRuns(folders: readonly string[], {sites, modelOf, log}: ShownRunsOptions): Promise<readonly ShownRun[]> {
  const dirs = [...new Set(await Promise.all(folders.map((folder) => realpath(folder))))];
  const ids = galleryIds(dirs.map((dir) => basename(dir)));
  const runs: ShownRun[] = [];
  for (const [i, dir] of dirs.entries()) {
    await refuseUnshowable(dir, sites);
    const summary = await summaryOf({id: ids[i], dir, example: false});
    if (summary.live) throw new Refusal(`invalid run: ${dir} is being captured; expected one that has ended`, {kind: "conflict"});
    const {card, damage} = await readCard(dir);
    if (damage !== undefined) log(`${dir}/card.json: ${damage}`);
    runs.push({id: ids[i], dir, summary, notes: card.notes ?? [], model: await modelOf(dir)});
  }
  return runs;
}

async function refuseUnshowable(dir: string, sites: readonly string[]): Promise<void> {
  const reader = await openTrace(dir);
  try {
    const missing = sites.find((site) => !reader.sites.includes(site));
    if (missing !== undefined) throw new Refusal(`unknown site: ${missing}; ${dir} has ${reader.sites.join(", ") || "none"}`);
    if (reader.trace.steps_written < 0)
      throw new Refusal(`invalid run: ${dir} has no state yet; expected at least the first`, {kind: "unusable"});
    await reader.readReadout([]); // its file must be there, too
  } finally {
    await reader.close();
  }
}

const MOST_CHARACTERS = 80;

/** A name for each run that may stand in an address and be a folder anywhere: letters, digits, dots, dashes; no two alike, whatever their case. */
export function galleryIds(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const plain = name
      .normalize("NFKD")
      .replace(/[^A-Za-z0-9._-]+/g, "-")
      .replace(/^[^A-Za-z0-9]+|[-.]+$/g, "")
      .slice(0, MOST_CHARACTERS);
    let id = plain || "run";
    for (let number = 2; taken.has(id.toLowerCase()); ++number) id = `${plain || "run"}-${number}`;
    taken.add(id.toLowerCase());
    return id;
  });
}
