import {scratching} from "../kernel/memory.ts";
import type {Matrix} from "../matrix.ts";
import {approachesOf} from "./approach/approaches.ts";
import {ENOUGH, MOST_AHEAD, nothingMoved, planesAtEnd, type ContractionEvidence} from "./approach/contraction.ts";
import {decaysAsAWhole, drifting, isOver, merelyRings, turningOn} from "./contradictions.ts";
import {driftOf, type DriftEvidence} from "./slider/drift.ts";
import {heldByRounding, heldInWords} from "./orbit/heldByRounding.ts";
import {endOf, NOTHING_ASKED} from "./approach/approachEnd.ts";
import {UNLIKE} from "./approach/endless.ts";
import type {Gram} from "./path/gram.ts";
import {LEAVES, leaving} from "./approach/leaving.ts";
import {surelyFalls} from "./modes/mode.ts";
import type {OrbitEvidence} from "./orbit/judgedLine.ts";
import {orbitOf} from "./orbit/orbit.ts";
import type {Products} from "./path/residual.ts";
import type {Precision} from "./path/rounding.ts";
import {pathProducts, type JudgedProducts, type PathProducts} from "./pathProducts.ts";
import {CLAIMS, type Pattern} from "./labels.ts";
import {GOES_ON} from "./approach/slowPart.ts";
import {WANDERS} from "./approach/wanders.ts";
import {lateWindows, windowStarts} from "./path/windows.ts";
import type {Evidence, Verdict} from "./verdict.ts";

/** What a trajectory would be called if its p-value is small enough among those of the run. */
export interface Claim extends Partial<Verdict> {
  readonly token: number;
  readonly init: number;
  readonly pattern: Pattern;
  readonly p: number;
  /** Rounding floor of one state over its norm. */
  readonly rounding: number;
  readonly noiseFloor: number;
  readonly window: readonly [number, number];
  readonly evidence: Evidence;
}

export interface ClaimOptions {
  readonly token: number;
  readonly init: number;
  /** Number format of the computation. */
  readonly precision: Precision;
  /** Whether the first row is the initial state; defaults to yes. */
  readonly fromInitial?: boolean;
  /** `decisive`: only the evidence that the label rests on, which is the same then; defaults to `all`. */
  readonly evidence?: "all" | "decisive";
}

const LATE_LINE = "its rate is that of the end of the way, and what came before may still bend it";
const LEAST_STATES = 8; // for a recurrence or a direction

/** Weighs one path; nothing is claimed of one with a number that is not finite, or in which nothing ever moved. */
export const claimOf = (whole: Matrix, options: ClaimOptions): Claim => scratching(() => claimFrom(pathProducts(whole, options), options));

/** The same of what is left of a path when its states are gone. */
export function claimFrom(products: PathProducts, {token, init, precision, fromInitial = true, evidence = "all"}: ClaimOptions): Claim {
  const {rows, stillFrom, badFrom, judged} = products;
  const found = {token, init, ...(stillFrom === undefined ? {} : {stillFrom}), ...(badFrom === undefined ? {} : {badFrom})};
  if (badFrom !== undefined) return nothingClaimed(found, rows, `NaN or Infinity from step ${badFrom} on`);
  if (judged === undefined) return nothingClaimed(found, rows, "nothing ever moved");
  const shared = {...found, ...(judged.weighed.length > 0 ? {weighed: judged.weighed} : {}), rounding: judged.floor / judged.scale};
  const claim = weighed(judged, {shared, precision, fromInitial, all: evidence === "all"});
  const standsFrom = stillFrom !== undefined && stillFrom < judged.skipped + judged.late.size ? stillFrom : undefined;
  return claim.pattern === "converging" && standsFrom !== undefined ? {...claim, settledStep: claim.settledStep ?? standsFrom} : claim;
}

function nothingClaimed(found: {readonly token: number; readonly init: number}, rows: number, why: string): Claim {
  return {
    ...found,
    pattern: "unsettled",
    p: 1,
    rounding: NaN,
    noiseFloor: NaN,
    window: [0, rows - 1],
    evidence: {converging: {...nothingMoved(rows), against: [why]}}
  };
}

interface Weighing {
  readonly shared: Pick<Claim, "token" | "init" | "rounding">;
  readonly precision: Precision;
  readonly fromInitial: boolean;
  readonly all: boolean;
}

function weighed(
  {floor, floorDimensions, scale, late, skipped, approach, first}: JudgedProducts,
  {shared, precision, fromInitial, all}: Weighing
): Claim {
  const planes = planesAtEnd(approach);
  const options = {floor, floorDimensions, fromInitial: fromInitial && first === 0, planes};
  const {speaking: contraction, later} = approachesOf(approach, options);
  const {turning, slider} = scratching(() => {
    const windows = late.size >= LEAST_STATES ? lateWindows(late) : [];
    return {
      turning: windows.length > 0 ? orbitOf(windows, {floor, precision, all}) : undefined,
      slider: windows.length > 0 ? driftOf(windows, {floor, all}) : undefined
    };
  });
  const place = {late, approach, flat: planes[0] ?? approach, first, skipped, shared, floor, scale};
  const claim = decided({contraction, turning, slider}, place);
  if (!claim.evidence.converging.against.some((why) => [WANDERS, GOES_ON].includes(why) || why.startsWith(LEAVES)))
    return inSteps(claim, place);
  const other = later(); // it came to one place, left it, and may have come to another
  const second = other && decided({contraction: other, turning, slider}, place);
  return inSteps(second?.pattern === "converging" ? second : claim, place);
}

/** With windows of the evidence, which are of the rows that are judged, in steps of the path. */
function inSteps(claim: Claim, {first, skipped}: Pick<Place, "first" | "skipped">): Claim {
  const {converging, orbit, slider} = claim.evidence;
  const {window, settledStep} = converging;
  return {
    ...claim,
    evidence: {
      converging: {...converging, window: shifted(window, first), ...(settledStep === undefined ? {} : {settledStep: settledStep + first})},
      orbit: orbit && {...orbit, window: shifted(orbit.window, skipped)},
      slider: slider && {...slider, window: shifted(slider.window, skipped)}
    }
  };
}

interface Found {
  readonly contraction: ContractionEvidence;
  readonly turning: OrbitEvidence | undefined;
  readonly slider: DriftEvidence | undefined;
}

interface Place extends Pick<Weighing, "shared">, Pick<JudgedProducts, "late" | "approach" | "first" | "skipped" | "floor" | "scale"> {
  /** The approach, of states on a sphere as it looks on the plane where it ends. */
  readonly flat: Products;
}

const shifted = ([from, to]: readonly [number, number], by: number): readonly [number, number] => [from + by, to + by];

/** The first label that nothing speaks against: an orbit, a slider, else an approach. */
function decided({contraction, turning, slider}: Found, {shared: known, ...place}: Place): Claim {
  const decays = turning !== undefined && decaysAsAWhole(contraction, turning);
  const held = turning && heldByRounding(place.approach, turning, place.floor);
  const against = [
    ...(decays ? [`the path as a whole keeps ${contraction.rate!.toFixed(4)} of its amplitude a step`] : []),
    ...(held ? [heldInWords(held)] : [])
  ];
  const orbit = turning && {...turning, against: [...turning.against, ...against]};
  const restsThere =
    decays || held?.evenly || (turning && (merelyRings(turning, place.approach) || isOver(turning, contraction, place.approach)));
  const turnsOn = turningOn(contraction, restsThere ? undefined : orbit, place.late.size - 1);
  const drifts = slider ? drifting(contraction, slider) : [];
  const setOut = Math.max(0, contraction.window[0] + place.first - place.skipped);
  const converging = {
    ...contraction,
    against: [...contraction.against, ...turnsOn, ...drifts, ...leaving(place.late, {from: setOut, floor: place.floor})]
  };
  const {directedCi: _, ...shown} = converging;
  const judged = {...place, shared: {...known, evidence: {converging: shown, orbit, slider}}};
  if (orbit && orbit.against.length === 0) return orbitClaim(orbit, judged);
  if (slider && slider.against.length === 0) return sliderClaim(slider, judged);
  return approachClaim(judged, {turnsOn: turnsOn.length > 0});
}

interface Judged extends Place {
  readonly shared: Pick<Claim, "token" | "init" | "rounding" | "evidence">;
}

const orbitClaim = (orbit: OrbitEvidence, {shared, scale, skipped}: Judged): Claim => ({
  ...shared,
  pattern: "orbit",
  p: corrected(orbit.p),
  period: orbit.period,
  periodCi: orbit.periodCi,
  ...(orbit.noInterval === undefined ? {} : {noPeriodCi: orbit.noInterval}),
  rate: orbit.mode.rate,
  rateCi: orbit.keptCi,
  ...(orbit.noKeptInterval === undefined ? {} : {noRateCi: orbit.noKeptInterval}),
  amplitude: orbit.amplitude / scale,
  offCurve: orbit.offCurve,
  noiseFloor: orbit.noise / scale,
  window: shifted(orbit.window, skipped),
  settledStep: orbit.window[0] + skipped
});

const sliderClaim = (slider: DriftEvidence, {shared, scale, skipped}: Judged): Claim => ({
  ...shared,
  pattern: "slider",
  p: corrected(slider.p),
  driftSpeed: slider.speed,
  speedVariation: slider.variation,
  noiseFloor: slider.noise / scale,
  window: shifted(slider.window, skipped),
  settledStep: slider.window[0] + skipped
});

/** Of a path that neither turns nor drifts on: that it comes to rest, by the best of three kinds of evidence, or nothing. */
function approachClaim(judged: Judged, {turnsOn}: {readonly turnsOn: boolean}): Claim {
  const {late, first, skipped, shared, floor, scale} = judged;
  const {converging, orbit, slider} = shared.evidence;
  const resting = late.size > 1 && converging.against.length === 0 ? converging.p : 1; // one state says nothing about motion
  const mostBehind = (rate: number, [from, to]: readonly [number, number]): boolean => rate ** (to - from) <= MOST_AHEAD;
  const slowing = slider?.decays && mostBehind(slider.rate, slider.window) && !converging.goesOn && !turnsOn ? slider.p : 1;
  const falls =
    orbit !== undefined && orbit.decaying && surelyFalls(orbit.mode) && mostBehind(orbit.mode.rate, [0, orbit.window[1]]) && !turnsOn;
  const spiralling = falls ? Math.max(orbit.p, orbit.fallP) : 1;
  const p = Math.min(resting, slowing, spiralling);
  const {method, rate, rateCi, noInterval, spiral, spiralPeriod, window} = converging;
  // A single mode from early on says most; else the decay of a line in a late window, which is the leading mode's; a slope over the whole descent is a mixture.
  const figures: Figures =
    falls && method !== "mode"
      ? spiralOf(orbit, judged)
      : slider?.decays && !(resting < 1 && resting <= slowing) && method !== "mode"
        ? {noiseFloor: slider.noise / scale, rate: slider.rate, noRateCi: LATE_LINE, window: shifted(slider.window, skipped)}
        : {
            ...{noiseFloor: Math.max(floor, converging.floor) / scale, rate, rateCi, spiral, spiralPeriod, window: shifted(window, first)},
            ...(noInterval === undefined ? {} : {noRateCi: noInterval})
          };
  const {p: endP, noEnd, unsure} = p < 1 ? endOf({...judged, oneMode: method === "mode"}, figures, p) : NOTHING_ASKED;
  if (p === 1 || noEnd !== undefined) {
    const evidence =
      noEnd === undefined ? shared.evidence : {...shared.evidence, converging: {...converging, against: [...converging.against, noEnd]}};
    const noiseFloor = converging.floor / scale;
    return {...shared, evidence, pattern: "unsettled", p: 1, noiseFloor, window: [skipped, skipped + late.size - 1]};
  }
  const settledStep = converging.settledStep === undefined ? undefined : converging.settledStep + first;
  const moves = corrected(p, triedOf(late));
  const ends = UNLIKE * endP;
  return {
    ...shared,
    evidence: ends > Math.max(moves, ENOUGH) ? {...shared.evidence, converging: {...converging, unsure}} : shared.evidence,
    pattern: "converging",
    p: Math.max(moves, ends),
    settledStep,
    ...figures
  };
}

type Figures = Pick<Claim, "noiseFloor" | "rate" | "rateCi" | "noRateCi" | "spiral" | "spiralPeriod" | "window">;

const spiralOf = ({mode, noise, period, window}: OrbitEvidence, {scale, skipped}: Judged) => ({
  noiseFloor: noise / scale,
  rate: mode.rate,
  noRateCi: LATE_LINE,
  spiral: true,
  spiralPeriod: period,
  window: shifted(window, skipped)
});

/** Labels that so many states can show: too few for a window have no later part that turns or drifts. */
const triedOf = ({size}: Gram): number => (windowStarts(size).length > 0 ? CLAIMS.length : 1);

const corrected = (p: number, tried: number = CLAIMS.length): number => Math.min(1, p * tried);
