import type {TraceReader} from "../../capture/trace/reader.ts";
import {encodeSafetensors} from "../../capture/trace/safetensors.ts";
import {siteCurves} from "../runs/siteCurves.ts";
import {steppedSite} from "../runs/siteRows.ts";

/** The curves of a site, each [steps, inits, tokens], as one safetensors message; tells how many trajectories are measured. */
export async function metricsMessage(
  reader: TraceReader,
  name: string,
  {onProgress}: {readonly onProgress?: (done: number, of: number) => void} = {}
): Promise<Uint8Array> {
  const site = await steppedSite(reader, name);
  const shape = [site.lastStep - site.firstStep + 1, site.inits.length, site.tokens.length];
  const of = site.inits.length * site.tokens.length;
  const curves = Object.entries(await siteCurves(site, onProgress && ((share) => onProgress(Math.round(share * of), of))));
  return encodeSafetensors(Object.fromEntries(curves.map(([measure, data]) => [measure, {shape, data}])), {
    site: name,
    first_step: String(site.firstStep)
  });
}
