import {drawnPortrait, initsDrawn} from "../../api/analyses/drawnPortrait.ts";
import type {PatternAnswer, PortraitQuery} from "../../api/contract/contract.ts";
import type {SiteReader} from "../../capture/trace/siteReader.ts";
import type {Tensors} from "../source/safetensors.ts";

const MOST_BYTES = 64 * 2 ** 20; // of one token; further initial states of it are left out

/** The picture of a kept label, drawn from the token's own states: the numbers that a server would send. */
export async function keptPortrait(
  reader: SiteReader,
  verdict: PatternAnswer | undefined,
  {token, init, site, inits: count}: PortraitQuery & {readonly inits: number}
): Promise<Tensors> {
  if (!verdict || verdict.pattern === "unsettled")
    throw new Error(`invalid trajectory: token ${token} from init ${init + 1} is unsettled; expected one that has a label`);
  const inits = initsDrawn(init, {inits: count, ...reader.extentOf(site)}, MOST_BYTES);
  const {firstStep, data, steps, width} = await reader.readSite(site, {tokens: [token], inits});
  const {window, period, spiral_period, rate, drift_speed, noise_floor, weighed, evidence} = verdict;
  const {info, tensors} = drawnPortrait(
    {steps, inits: inits.length, tokens: 1, width, data},
    {
      pattern: verdict.pattern,
      window: [window[0] - firstStep, window[1] - firstStep],
      period: period ?? undefined,
      spiralPeriod: spiral_period ?? undefined,
      rate: rate ?? undefined,
      driftSpeed: drift_speed ?? undefined,
      noiseFloor: noise_floor ?? NaN,
      weighed,
      greatCircle: (evidence?.slider as {great_circle?: boolean} | null | undefined)?.great_circle
    },
    {token, init, inits, firstStep}
  );
  return {tensors, metadata: {portrait: JSON.stringify(info), first_step: String(info.first_step)}};
}
