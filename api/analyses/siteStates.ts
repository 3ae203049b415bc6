import {statesOf, type States} from "../../analysis/states.ts";
import type {SiteSlice, TraceReader} from "../../capture/trace/reader.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

/** A slab of a trace as the analysis takes it; throws a Refusal where no step is there. */
export function sliceStates({site, steps, inits, tokens, width, data}: SiteSlice): States {
  if (steps === 0) throw new Refusal(`invalid run: no step of ${site} is written yet; expected at least one`);
  return statesOf({steps, inits, tokens, width}, data);
}

const CHUNK_BYTES = 256 * 2 ** 20;

/** The states of a site, some tokens at a time, so that memory stays flat; `firstToken` is the place of the chunk's token 0. */
export async function* tokenChunks(
  reader: TraceReader,
  site: string
): AsyncGenerator<{readonly firstToken: number; readonly states: States}> {
  const {tokens, inits, width, steps_written} = reader.trace;
  const tokenBytes = Math.max(1, (steps_written + 1) * inits.length * width * Float32Array.BYTES_PER_ELEMENT);
  const size = Math.max(1, Math.floor(CHUNK_BYTES / tokenBytes));
  for (let first = 0; first < tokens.length; first += size) {
    const chosen = Array.from({length: Math.min(size, tokens.length - first)}, (_, i) => first + i);
    const isAll = chosen.length === tokens.length;
    yield {firstToken: first, states: sliceStates(await reader.readSite(site, isAll ? {} : {tokens: chosen}))};
  }
}
