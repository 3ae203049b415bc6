import {setImmediate} from "node:timers/promises";
import {tokenClass} from "../../analysis/census/tokenClass.ts";
import {cosineToFinal} from "../../analysis/measures/cosineToFinal.ts";
import {dot, norm} from "../../analysis/matrix.ts";
import type {Claim} from "../../analysis/patterns/claim.ts";
import {claimsIn} from "../../analysis/patterns/classifyRun.ts";
import {pathOf, stateAt, type States} from "../../analysis/states.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {exitStepsOfRun} from "../analyses/exits.ts";
import {numberOrNull} from "../analyses/numberOrNull.ts";
import {beginsAtInitial, precisionOfRun} from "../analyses/patterns.ts";
import {tokenChunks} from "../analyses/siteStates.ts";
import type {CensusRow} from "./censusRow.ts";

/** What a row says that does not rest on the label's statistics. */
export type BesideCells = Pick<CensusRow, "inits_cosine" | "published" | "entropy" | "top_id" | "top_text" | "exits">;

/** The rows of one trace, in the order [init][token]: what a census says of its trajectories, but for what only all p-values together say. */
export async function rowsOfTrace(
  reader: TraceReader,
  {prompt, site, signal}: {readonly prompt: number; readonly site: string; readonly signal?: AbortSignal}
): Promise<CensusRow[]> {
  const {tokens: run} = reader.trace;
  const {firstStep} = reader.extentOf(site);
  const precision = await precisionOfRun(reader, site);
  const fromInitial = beginsAtInitial(reader, site);
  const beside = await besideOfRun(reader);
  const rows: CensusRow[] = [];
  for await (const {tokens, states} of tokenChunks(reader, site)) {
    for (const claim of claimsIn(states, {precision, fromInitial, evidence: "decisive"})) {
      await setImmediate(); // a signal is heard
      signal?.throwIfAborted();
      const placed = {...claim, token: tokens[claim.token]};
      const cells = beside(states, {place: claim.token, token: placed.token, init: claim.init, isSound: claim.badFrom === undefined});
      rows.push(rowOf(placed, cells, {prompt, tokens: run, firstStep}));
    }
  }
  return rows.sort((a, b) => a.init - b.init || a.token - b.token);
}

interface RowPlace {
  readonly prompt: number;
  /** Of the whole prompt. */
  readonly tokens: readonly {readonly id: number; readonly text: string}[];
  readonly firstStep: number;
}

/** One row from a trajectory's claim and what stands beside it. */
export function rowOf(claim: Claim, beside: BesideCells, {prompt, tokens, firstStep}: RowPlace): CensusRow {
  const {init, token} = claim;
  const {id, text} = tokens[token];
  return {
    ...{prompt, init, token, tokens: tokens.length, token_id: id, text, class: tokenClass(text)},
    ...claimCells(claim, firstStep),
    ...beside
  };
}

interface Trajectory {
  /** Of the states that are in hand. */
  readonly place: number;
  /** Of the run. */
  readonly token: number;
  readonly init: number;
  /** All its numbers are finite. */
  readonly isSound: boolean;
}

/** What stands beside the labels of a run: exits and readout by trajectory, the rest from its states. */
export async function besideOfRun(reader: TraceReader): Promise<(states: States, trajectory: Trajectory) => BesideCells> {
  const exits = await exitStepsOfRun(reader);
  const readout = await lastReadout(reader);
  return (states, {place, token, init, isSound}) => ({
    inits_cosine: cosineOfInits(states, {token: place, init}),
    published: isSound ? cosineToFinal(pathOf(states, place, init)) : "unknown",
    ...readout(init, token),
    exits: exits(init, token)
  });
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
    off_curve: known(claim.offCurve),
    drift_speed: known(claim.driftSpeed),
    settled_step: stepOf(claim.settledStep),
    still_from: stepOf(claim.stillFrom),
    bad_from: stepOf(claim.badFrom),
    noise_floor: numberOrNull(claim.noiseFloor)
  };
}

/** Mean cosine of a trajectory's last state to the last states of the same token from other starts. */
function cosineOfInits(states: States, {token, init}: Pick<Claim, "token" | "init">): number | null {
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
