import {createContext, useContext} from "react";
import {useRemote, type Remote} from "../source/remote.ts";
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
