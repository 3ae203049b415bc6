import {basename} from "node:path";
import {Refusal} from "../../capture/trace/refusal.ts";
import {finishedSummary, keptTrace, openCensus} from "./censusFolder.ts";
import {isGram} from "./gram/gramFolder.ts";

/** A trace that a census kept, and the number of its prompt. */
export interface KeptTrace {
  readonly prompt: number;
  readonly dir: string;
}

const MOST_TRACES = 256; // in one picture: each is an open file or two, of the thousand that a process has by default

/**
 * The traces that a finished census kept and that have states, by their prompts; of very many those with an orbit, then those with a slider,
 * `of` how many. Throws a Refusal where there is none of them.
 */
export async function keptTraces(dir: string): Promise<{readonly kept: readonly KeptTrace[]; readonly of: number}> {
  const {manifest, sources} = await openCensus(dir);
  const summary = await finishedSummary(dir);
  const name = basename(dir);
  const all = summary.kept.map(({prompt}) => ({prompt, dir: manifest.from === "traces" ? sources[prompt] : keptTrace(dir, prompt)}));
  const products = await Promise.all(all.map((one) => isGram(one.dir)));
  const found = all.filter((_, i) => !products[i]);
  if (found.length === 0) {
    const why = all.length > 0 ? "its traces have inner products in the states' place" : "it kept no trace";
    throw new Refusal(`no states: ${name}: ${why}; a census with --keep or --sample keeps some`, {kind: "conflict"});
  }
  return {kept: found.slice(0, MOST_TRACES).sort((a, b) => a.prompt - b.prompt), of: found.length};
}
