import {createStore, type StoreApi} from "zustand/vanilla";
import type {Spot} from "../plot/spot.ts";

/** What the reader of a report chose: one state that all figures share. */
export interface ReportView {
  /** Chosen tokens (or prompts of an experiment), by index; none means all alike. */
  readonly chosen: readonly number[];
  /** The only initial state drawn; all when undefined. */
  readonly init: number | undefined;
  readonly step: number;
  readonly hover: Spot | undefined;
  /** What the heat map shows. */
  readonly measure: string;
  /** Components on the axes of the plane, from 0. */
  readonly pair: readonly [number, number];
  /** How the waterfall is turned, degrees. */
  readonly turn: Turn;
}

export interface Turn {
  readonly azimuth: number;
  readonly elevation: number;
}

/** As the authors' waterfall is turned, seen a little more from the side. */
export const FIRST_TURN: Turn = {azimuth: 45, elevation: 25};

export const firstView = (lastStep: number): ReportView => ({
  chosen: [],
  init: undefined,
  step: lastStep,
  hover: undefined,
  measure: "distance",
  pair: [0, 1],
  turn: FIRST_TURN
});

export type ReportStore = StoreApi<ReportView>;

export const reportStore = (lastStep: number): ReportStore => createStore(() => firstView(lastStep));

/** Chooses a token alone, or adds it to the choice and takes it out again; a choice that is picked again is undone. */
export function choose(store: ReportStore, token: number | undefined, {extend = false} = {}): void {
  const {chosen} = store.getState();
  const has = token !== undefined && chosen.includes(token);
  if (token === undefined) store.setState({chosen: []});
  else if (extend) store.setState({chosen: has ? chosen.filter((other) => other !== token) : [...chosen, token].sort((a, b) => a - b)});
  else store.setState({chosen: has && chosen.length === 1 ? [] : [token]});
}
