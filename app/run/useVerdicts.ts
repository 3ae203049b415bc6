import {createContext, useContext} from "react";
import type {PatternAnswer} from "../../api/contract/contract.ts";
import {readyValue, useRemote, type Remote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {verdictsOf, type Verdicts} from "./verdicts.ts";

/** The labels of a run that has ended; while it grows there is nothing to label. */
export function useVerdicts(run: string, site: string, growing: boolean, steps: number): Remote<Verdicts> {
  const source = useSource();
  return useRemote(
    async (signal) => (growing ? new Promise<never>(() => {}) : verdictsOf(await source.patterns(run, site, signal))),
    [run, site, growing, steps]
  );
}

export const VerdictsContext = createContext<Remote<Verdicts>>({status: "loading"});

export const useRunVerdicts = (): Remote<Verdicts> => useContext(VerdictsContext);

/** The labels of one token: they come first, with q-values that are upper bounds until the whole run is labelled. */
export interface TokenVerdicts {
  readonly summary: Verdicts["summary"];
  /** Whether q is an upper bound. */
  readonly early: boolean;
  of(init: number): PatternAnswer | undefined;
}

/** The early labels of the chosen token, asked for only while the run's own are on their way. */
export function useEarlyVerdicts(
  run: string,
  site: string,
  token: number | undefined,
  {growing, waiting}: {growing: boolean; waiting: boolean}
): Remote<TokenVerdicts> {
  const source = useSource();
  const wanted = waiting && !growing && token !== undefined;
  return useRemote(
    async (signal) => {
      if (!wanted) return new Promise<never>(() => {});
      const {tokens, summary} = await source.somePatterns(run, {site, tokens: [token]}, signal);
      return {summary, early: true, of: (init: number) => tokens.find((verdict) => verdict.init === init && verdict.index === token)};
    },
    [run, site, wanted && token]
  );
}

export const EarlyVerdictsContext = createContext<Remote<TokenVerdicts>>({status: "loading"});

/** What is known of the chosen token's labels: out of the run's once they are there. */
export function useTokenVerdicts(token: number | undefined): Remote<TokenVerdicts> {
  const verdicts = useRunVerdicts();
  const early = useContext(EarlyVerdictsContext);
  if (token === undefined) return {status: "loading"};
  if (verdicts.status === "failed") return verdicts;
  const all = readyValue(verdicts);
  if (!all) return early;
  return {status: "ready", value: {summary: all.summary, early: false, of: (init) => all.of(init, token)}};
}
