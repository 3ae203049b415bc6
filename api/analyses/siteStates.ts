import {statesOf, type States} from "../../analysis/states.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import type {SiteSlice} from "../../capture/trace/slice.ts";
import {CHUNK_BYTES} from "../runs/siteRows.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

/** A slab of a trace as the analysis takes it; throws a Refusal where no step is there. */
export function sliceStates({site, steps, inits, tokens, width, data}: SiteSlice): States {
  if (steps === 0) throw new Refusal(`invalid run: no step of ${site} is written yet; expected at least one`);
  return statesOf({steps, inits, tokens, width}, data);
}

/** How many tokens of a site are a chunk. */
export function tokensAtOnce(reader: TraceReader, site: string): number {
  const {firstStep, lastStep, width} = reader.extentOf(site);
  const bytes = Math.max(1, (lastStep - firstStep + 1) * reader.trace.inits.length * width * Float32Array.BYTES_PER_ELEMENT);
  return Math.max(1, Math.floor(CHUNK_BYTES / bytes));
}

/** The states of a site, some tokens at a time (of `only` these), so that memory stays flat; `firstToken` is the place of the chunk's token 0 among them. */
export async function* tokenChunks(
  reader: TraceReader,
  site: string,
  only?: readonly number[]
): AsyncGenerator<{readonly firstToken: number; readonly tokens: readonly number[]; readonly states: States}> {
  const chosen = only ?? Array.from(reader.trace.tokens.keys());
  const size = tokensAtOnce(reader, site);
  for (let first = 0; first < chosen.length; first += size) {
    const tokens = chosen.slice(first, first + size);
    const isAll = tokens.length === reader.trace.tokens.length;
    yield {firstToken: first, tokens, states: sliceStates(await reader.readSite(site, isAll ? {} : {tokens}))};
  }
}
