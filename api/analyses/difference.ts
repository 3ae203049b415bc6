import {alignTokens} from "../../analysis/comparison/alignTokens.ts";
import {relativeDifference} from "../../analysis/comparison/relativeDifference.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {encodeSafetensors} from "../../capture/trace/safetensors.ts";
import {steppedSite, type SteppedSite} from "../runs/siteRows.ts";
import {comparableSite} from "./comparable.ts";

const TOKENS_AT_ONCE = 1024; // of each run: 22 MB at a width of 5,280

/**
 * How far another run is from this one, as one safetensors message: `partners` [tokens], the index of each token's partner in
 * the other run or −1, and `difference` [steps, inits, tokens], ‖other − this‖ / ‖this‖ between partners; NaN where one of the
 * two has no state. The metadata say what the tokens were aligned by. Throws a Refusal for runs that cannot be compared.
 */
export async function differenceMessage(reader: TraceReader, other: TraceReader, name: string): Promise<Uint8Array> {
  const site = await steppedSite(reader, name);
  const otherSite = await comparableSite(reader, other, name);
  const {by, partners, count} = alignTokens(reader.trace.tokens, other.trace.tokens);
  const {firstStep, lastStep, inits, tokens} = site;
  const perStep = inits.length * tokens.length;
  const difference = new Float32Array((lastStep - firstStep + 1) * perStep).fill(NaN);
  const aligned = tokens.filter((token) => partners[token] >= 0);
  const rooms = [site, otherSite].map(({width}) => new Float32Array(Math.min(TOKENS_AT_ONCE, aligned.length) * width)); // reading to fresh memory takes twice as long
  for (let step = Math.max(firstStep, otherSite.firstStep); step <= Math.min(lastStep, otherSite.lastStep); ++step) {
    for (const [i, init] of inits.entries()) {
      const otherInit = otherSite.inits[i] ?? otherSite.inits[0]; // where the other has fewer, its first stands for the rest
      for (let first = 0; first < aligned.length; first += TOKENS_AT_ONCE) {
        const some = aligned.slice(first, first + TOKENS_AT_ONCE);
        const own = await statesAt(site, {step, init, tokens: some}, rooms[0]);
        const its = await statesAt(otherSite, {step, init: otherInit, tokens: some.map((token) => partners[token])}, rooms[1]);
        const found = relativeDifference(own, its, Int32Array.from(some.keys()));
        some.forEach((token, k) => void (difference[(step - firstStep) * perStep + i * tokens.length + token] = found[k]));
      }
    }
  }
  return encodeSafetensors(
    {
      partners: {shape: [tokens.length], data: partners},
      difference: {shape: [lastStep - firstStep + 1, inits.length, tokens.length], data: difference}
    },
    {site: name, first_step: String(firstStep), aligned_by: by, aligned: String(count)}
  );
}

/** Of one step and init, some tokens' states, at the beginning of a room. */
const statesAt = async (
  {read, width}: SteppedSite,
  {step, init, tokens}: {readonly step: number; readonly init: number; readonly tokens: readonly number[]},
  room: Float32Array
) => ({inits: 1, tokens: tokens.length, width, data: await read({steps: [step, step], inits: [init], tokens}, room)});
