import {portraitData, type PortraitData} from "../../plot/portrait/portraitData.ts";
import type {PortraitInfo} from "../../../api/contract/contract.ts";
import {useRemote, type Remote} from "../../source/remote.ts";
import {useSource} from "../../source/sourceContext.ts";
import type {TokenVerdicts} from "../useVerdicts.ts";

/** The trajectory whose label is drawn. */
export interface Sitter {
  readonly token: number;
  readonly init: number;
}

const RAREST = ["orbit", "slider", "converging"] as const;

/** The initial state of a token whose label is drawn: the one looked at, else the first that has the rarest label. Undefined where none has one. */
export function sitterOf(token: number, verdicts: TokenVerdicts | undefined, init: number | undefined): Sitter | undefined {
  if (!verdicts) return undefined;
  const inits = init === undefined ? [...Array(verdicts.summary.inits).keys()] : [init];
  for (const label of RAREST) {
    const found = inits.find((own) => verdicts.of(own)?.pattern === label);
    if (found !== undefined) return {token, init: found};
  }
  return undefined;
}

export function usePortrait(run: string, site: string, {token, init}: Sitter, steps: number): Remote<PortraitData> {
  const source = useSource();
  return useRemote(
    async (signal) => {
      const {tensors, metadata} = await source.portrait(run, {token, init, site}, signal);
      return portraitData(JSON.parse(metadata.portrait) as PortraitInfo, tensors);
    },
    [run, site, token, init, steps]
  );
}
