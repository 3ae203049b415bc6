import {createContext, useContext, useMemo} from "react";
import {alignedField, alignmentOf, type Alignment} from "./compare.ts";
import type {Field} from "../../plot/field.ts";
import {useRemote, readyValue, type Remote} from "../../source/remote.ts";
import {fieldsOf, type RunData} from "../runData.ts";
import {ServerError} from "../../source/transport.ts";
import type {Source} from "../../source/Source.ts";
import {useSource} from "../../source/sourceContext.ts";
import {useStore} from "../../state/store.ts";
import {loadRun} from "../useRunData.ts";

/** Another run beside the one on the screen, token by token with its partner. */
export interface Comparison {
  readonly id: string;
  /** Which of the compared runs it is, from 0: it gives the colour. */
  readonly index: number;
  readonly data: RunData;
  readonly alignment: Alignment;
  /** How far it is from the run on the screen, by step, in the places of that run's tokens. */
  readonly difference: Field;
  /** Its own fields in the places of that run's tokens. */
  readonly fields: Readonly<Record<string, Field>>;
}

/** A run that cannot be compared, and why, in one line. */
export interface Refusal {
  readonly id: string;
  readonly index: number;
  readonly refused: string;
}

export const ComparisonsContext = createContext<Remote<readonly (Comparison | Refusal)[]>>({status: "ready", value: []});

export const useRunComparisons = (): Remote<readonly (Comparison | Refusal)[]> => useContext(ComparisonsContext);

/** The compared runs that are there and can be compared. */
export function useCompared(): readonly Comparison[] {
  const comparisons = useRunComparisons();
  return useMemo(() => readyValue(comparisons)?.filter((one): one is Comparison => "data" in one) ?? [], [comparisons]);
}

/** The runs that the view compares with. */
export function useComparisons(data: RunData, version: string): Remote<readonly (Comparison | Refusal)[]> {
  const source = useSource();
  const others = useStore((state) => state.view.others);
  const site = useStore((state) => state.view.site);
  const run = data.summary.id;
  return useRemote(
    (signal) => Promise.all(others.map((other, index) => comparisonWith(source, {run, other, index, site, signal}))),
    [run, others, site],
    `${version} ${useStore(({jobs}) =>
      jobs
        .filter(({run: written}) => written && others.includes(written))
        .map(({step, status}) => `${step}${status}`)
        .join()
    )}`
  );
}

async function comparisonWith(
  source: Source,
  {run, other, index, site, signal}: {run: string; other: string; index: number; site: string; signal: AbortSignal}
): Promise<Comparison | Refusal> {
  try {
    const answer = await source.difference(run, other, site, signal); // first: it says what cannot be compared
    const data = await loadRun(source, other, site, {signal});
    const alignment = alignmentOf(answer);
    const fields = Object.fromEntries(Object.entries(data.fields).map(([name, field]) => [name, alignedField(field, alignment)]));
    return {id: other, index, data, alignment, difference: fieldsOf(answer).difference, fields};
  } catch (error) {
    if (error instanceof ServerError) return {id: other, index, refused: error.message};
    throw error;
  }
}
