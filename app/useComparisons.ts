import {createContext, useContext, useMemo} from "react";
import {differenceOf, tokenStatesOf, type TokenStates} from "./compare.ts";
import type {Field} from "./plot/field.ts";
import {useRemote, type Remote} from "./remote.ts";
import type {RunData} from "./runData.ts";
import type {Source} from "./source/Source.ts";
import {useSource} from "./sourceContext.ts";
import {useStore} from "./store.ts";
import {loadRun} from "./useRunData.ts";

/** Another run beside the one on the screen, token by token at the same place of the prompt. */
export interface Comparison {
  readonly data: RunData;
  /** States of the chosen tokens that both have. */
  readonly states: TokenStates;
  /** How far it is from the run on the screen, by step. */
  readonly difference: Field;
}

const MAX_TOKENS = 16; // states are as wide as the model: many tokens of a large run are gigabytes

export const ComparisonsContext = createContext<Remote<readonly Comparison[]>>({status: "ready", value: []});

export const useRunComparisons = (): Remote<readonly Comparison[]> => useContext(ComparisonsContext);

/** The runs that the view compares with, as far as the chosen tokens go. */
export function useComparisons(data: RunData, chosen: readonly number[], version: string): Remote<readonly Comparison[]> {
  const source = useSource();
  const others = useStore((state) => state.view.others);
  const site = useStore((state) => state.view.site);
  const tokens = useMemo(() => chosen.slice(-MAX_TOKENS), [chosen]);
  return useRemote(
    async (signal) => {
      if (others.length === 0) return [];
      const own = tokens.length ? tokenStatesOf(await source.states(data.summary.id, {site, tokens}, signal), tokens) : undefined;
      return Promise.all(others.map((other) => comparisonWith(source, other, {site, tokens, own, count: data.names.length, signal})));
    },
    [data.summary.id, others, site, tokens],
    `${version} ${useStore(({jobs}) => jobs.filter(({run}) => others.includes(run)).map(({step, status}) => `${step}${status}`).join())}`
  );
}

interface Wanted {
  readonly site: string;
  readonly tokens: readonly number[];
  readonly own: TokenStates | undefined;
  readonly count: number;
  readonly signal: AbortSignal;
}

async function comparisonWith(source: Source, other: string, {site, tokens, own, count, signal}: Wanted): Promise<Comparison> {
  const data = await loadRun(source, other, site, signal);
  const shared = tokens.filter((token) => token < data.names.length);
  const states = shared.length ? tokenStatesOf(await source.states(other, {site, tokens: shared}, signal), shared) : {firstStep: 0, steps: 0, inits: data.trace.inits.length, tokens: [], width: data.trace.width, values: []};
  return {data, states, difference: own ? differenceOf(own, states, count) : {steps: 0, inits: 1, tokens: count, values: []}};
}
