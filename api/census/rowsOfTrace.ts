import {tokenClass} from "../../analysis/census/tokenClass.ts";
import {cosineToFinal} from "../../analysis/measures/cosineToFinal.ts";
import {dot, norm} from "../../analysis/matrix.ts";
import type {Claim} from "../../analysis/patterns/claim.ts";
import {claimsOf} from "../../analysis/patterns/classifyRun.ts";
import {pathOf, stateAt, type States} from "../../analysis/states.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {exitStepsOfRun} from "../analyses/exits.ts";
import {numberOrNull} from "../analyses/numberOrNull.ts";
import {beginsAtInitial, precisionOfRun} from "../analyses/patterns.ts";
import {tokenChunks} from "../analyses/siteStates.ts";
import type {CensusRow} from "./censusRow.ts";

/** The rows of one trace, in the order [init][token]: what a census says of its trajectories, but for what only all p-values together say. */
export async function rowsOfTrace(
  reader: TraceReader,
  {prompt, site}: {readonly prompt: number; readonly site: string}
): Promise<CensusRow[]> {
  const {trace} = reader;
  const {firstStep} = reader.extentOf(site);
  const precision = await precisionOfRun(reader, site);
  const fromInitial = beginsAtInitial(reader, site);
  const exits = await exitStepsOfRun(reader);
  const readout = await lastReadout(reader);
  const rows: CensusRow[] = [];
  for await (const {tokens, states} of tokenChunks(reader, site)) {
    for (const claim of claimsOf(states, {precision, fromInitial})) {
      const token = tokens[claim.token];
      const {id, text} = trace.tokens[token];
      rows.push({
        prompt,
        init: claim.init,
        token,
        tokens: trace.tokens.length,
        token_id: id,
        text,
        class: tokenClass(text),
        ...claimCells(claim, firstStep),
        inits_cosine: cosineOfInits(states, claim),
        published: claim.badFrom === undefined ? cosineToFinal(pathOf(states, claim.token, claim.init)).label : "unknown",
        ...readout(claim.init, token),
        exits: exits(claim.init, token)
      });
    }
  }
  return rows.sort((a, b) => a.init - b.init || a.token - b.token);
}

const known = (value: number | undefined): number | null => numberOrNull(value ?? Number.NaN);

function claimCells(claim: Claim, firstStep: number) {
  const stepOf = (step: number | undefined): number | null => (step === undefined ? null : step + firstStep);
  const [rateLow, rateHigh] = claim.rateCi ?? [];
  const [periodLow, periodHigh] = claim.periodCi ?? [];
  return {
    claim: claim.pattern,
    p: claim.p,
    rate: known(claim.rate),
    rate_low: known(rateLow),
    rate_high: known(rateHigh),
    spiral_period: known(claim.spiralPeriod),
    period: known(claim.period),
    period_low: known(periodLow),
    period_high: known(periodHigh),
    amplitude: known(claim.amplitude),
    drift_speed: known(claim.driftSpeed),
    settled_step: stepOf(claim.settledStep),
    still_from: stepOf(claim.stillFrom),
    bad_from: stepOf(claim.badFrom),
    noise_floor: numberOrNull(claim.noiseFloor)
  };
}

/** Mean cosine of a trajectory's last state to the last states of the same token from other starts. */
function cosineOfInits(states: States, {token, init}: Claim): number | null {
  if (states.inits < 2) return null;
  const last = (other: number) => stateAt(states, states.steps - 1, token, other);
  const own = last(init);
  let sum = 0;
  for (let other = 0; other < states.inits; ++other) if (other !== init) sum += dot(own, last(other)) / (norm(own) * norm(last(other)));
  return numberOrNull(sum / (states.inits - 1));
}

type ReadoutCells = Pick<CensusRow, "entropy" | "top_id" | "top_text">;

/** What the readout says at the last step; nulls where the run kept none. */
async function lastReadout(reader: TraceReader): Promise<(init: number, token: number) => ReadoutCells> {
  const readout = await reader.readReadout(["entropy", "top_ids"]);
  if (!readout) return () => ({entropy: null, top_id: null, top_text: null});
  const {tokens, inits, steps_written: last} = reader.trace;
  const texts = await reader.readTexts();
  const {entropy, top_ids: top} = readout;
  return (init, token) => {
    const place = (last * inits.length + init) * tokens.length + token;
    const id = top.data[place * top.shape[3]];
    return {entropy: numberOrNull(entropy.data[place]), top_id: id, top_text: texts?.get(id) ?? null};
  };
}
