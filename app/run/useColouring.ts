import {useMemo} from "react";
import {colouring} from "../plot/colouring.ts";
import type {Field} from "../plot/field.ts";
import type {ColourOf} from "../plot/trajectoryMarks.ts";
import {readyValue} from "../source/remote.ts";
import type {RunData} from "./runData.ts";
import {useStore} from "../state/store.ts";
import {usePalette} from "../state/useTheme.ts";
import {useRunVerdicts} from "./useVerdicts.ts";
import type {Colouring} from "../state/view.ts";

/** The amount that a colouring shows, if it shows one. */
export function amountOf(colour: Colouring, {fields}: Pick<RunData, "fields">): Field | undefined {
  if (colour === "entropy") return fields.entropy;
  return colour === "kl" ? (fields.kl_final ?? fields.kl_prev) : undefined;
}

/** The colours of the trajectories, as the view asks for them. */
export function useColouring(data: RunData): ColourOf {
  const palette = usePalette();
  const colour = useStore((state) => state.view.colour);
  const field = amountOf(colour, data);
  const {steps, inits} = data.trace;
  const verdicts = readyValue(useRunVerdicts());
  return useMemo(
    () =>
      colouring(colour, {
        palette,
        lastStep: steps,
        inits: inits.length,
        field,
        labelOf: (init, token) => verdicts?.of(init, token)?.pattern
      }),
    [colour, palette, steps, inits.length, field, verdicts]
  );
}
