import {alignTokens} from "../../analysis/comparison/alignTokens.ts";
import {relativeDifference} from "../../analysis/comparison/relativeDifference.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {encodeSafetensors} from "../../capture/trace/safetensors.ts";
import {steppedSite, type SteppedSite} from "../runs/siteRows.ts";
import {comparableSite} from "./comparable.ts";

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
  for (let step = Math.max(firstStep, otherSite.firstStep); step <= Math.min(lastStep, otherSite.lastStep); ++step) {
    difference.set(relativeDifference(await slabOf(site, step), await slabOf(otherSite, step), partners), (step - firstStep) * perStep);
  }
  return encodeSafetensors(
    {
      partners: {shape: [tokens.length], data: partners},
      difference: {shape: [lastStep - firstStep + 1, inits.length, tokens.length], data: difference}
    },
    {site: name, first_step: String(firstStep), aligned_by: by, aligned: String(count)}
  );
}

const slabOf = async (site: SteppedSite, step: number) => ({
  inits: site.inits.length,
  tokens: site.tokens.length,
  width: site.width,
  data: await site.slab(step)
});
