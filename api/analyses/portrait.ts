import {classifyRun} from "../../analysis/patterns/classifyRun.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {encodeSafetensors, type Tensor} from "../../capture/trace/safetensors.ts";
import type {PortraitInfo, PortraitQuery} from "../contract/contract.ts";
import {drawnPortrait, initsDrawn} from "./drawnPortrait.ts";
import {beginsAtInitial, precisionOfTrace} from "./patterns.ts";
import {sliceStates} from "./siteStates.ts";

const MOST_BYTES = 512 * 2 ** 20; // of one token; further initial states of it are left out
const SURE = 1; // the largest p-value: what a trajectory would be called; whether that holds is said by the run's q

/** The picture that shows a trajectory's label, as numbers; throws a Refusal where nothing is known of it that could be drawn. */
export async function portrait(
  reader: TraceReader,
  {token, init, site}: PortraitQuery
): Promise<{readonly info: PortraitInfo; readonly tensors: Readonly<Record<string, Tensor>>}> {
  const inits = initsDrawn(init, {inits: reader.trace.inits.length, ...reader.extentOf(site)}, MOST_BYTES);
  const slice = await reader.readSite(site, {tokens: [token], inits});
  const states = sliceStates(slice);
  const place = inits.indexOf(init);
  const verdict = classifyRun(states, {
    alpha: SURE,
    precision: precisionOfTrace(reader.trace),
    fromInitial: beginsAtInitial(reader, site)
  }).verdicts[place];
  if (verdict.pattern === "unsettled")
    throw new Refusal(`invalid trajectory: token ${token} from init ${init + 1} is unsettled; expected one that has a label`);
  const drawn = {...verdict, pattern: verdict.pattern, greatCircle: verdict.evidence.slider?.greatCircle};
  return drawnPortrait(states, drawn, {token, init, inits, firstStep: slice.firstStep});
}

/** The same as one safetensors message, the words in its metadata. */
export async function portraitMessage(reader: TraceReader, query: PortraitQuery): Promise<Uint8Array> {
  const {info, tensors} = await portrait(reader, query);
  return encodeSafetensors(tensors, {portrait: JSON.stringify(info), first_step: String(info.first_step)});
}
