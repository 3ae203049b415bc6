import {nearestStates, type NearState} from "../../analysis/measures/nearestStates.ts";
import {stateAt} from "../../analysis/states.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import type {NearAnswer, NearQuery} from "../contract/nearSchemas.ts";
import {tokenChunks} from "./siteStates.ts";

/** Which other trajectories of a run come nearest to one of its states; tells how many trajectories it looked at. Throws a Refusal for a state that the run does not hold. */
export async function nearStates(
  reader: TraceReader,
  {token, init, step, site, count}: NearQuery,
  {onProgress}: {readonly onProgress?: (done: number, of: number) => void} = {}
): Promise<NearAnswer> {
  const {tokens, inits} = reader.trace;
  const {firstStep, lastStep} = reader.extentOf(site);
  within("token", token, 0, tokens.length - 1);
  within("init", init, 0, inits.length - 1);
  within("step", step, firstStep, lastStep);
  const state = await stateOf(reader, site, {token, init, row: step - firstStep});
  const all: NearState[] = [];
  for await (const {firstToken, tokens: some, states} of tokenChunks(reader, site)) {
    for (const one of nearestStates(states, state))
      if (one.token + firstToken !== token || one.init !== init) all.push({...one, token: one.token + firstToken});
    onProgress?.((firstToken + some.length) * inits.length, tokens.length * inits.length);
  }
  const near = all.sort((a, b) => a.distance - b.distance || a.init - b.init || a.token - b.token).slice(0, count);
  return {
    near: near.map((one) => ({
      ...{init: one.init, index: one.token, text: tokens[one.token].text},
      ...{step: one.step + firstStep, distance: one.distance}
    }))
  };
}

function within(name: string, value: number, least: number, most: number): void {
  if (value < least || value > most) throw new Refusal(`invalid ${name}: ${value}; expected ${least} to ${most}`);
}

async function stateOf(
  reader: TraceReader,
  site: string,
  {token, init, row}: {readonly token: number; readonly init: number; readonly row: number}
): Promise<Float32Array> {
  for await (const {states} of tokenChunks(reader, site, {only: [token]})) return stateAt(states, row, 0, init);
  throw new Error(`no states of token ${token}`);
}
