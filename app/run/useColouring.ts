import {useMemo} from "react";
import {MEASURES, type MeasureKey} from "../../api/contract/choices.ts";
import {colouring} from "../plot/colouring.ts";
import type {ColourOf} from "../plot/trajectoryMarks.ts";
import {readyValue} from "../source/remote.ts";
import {endStep, type RunData} from "./runData.ts";
import {useStore} from "../state/store.ts";
import {usePalette} from "../state/useTheme.ts";
import {useRunVerdicts} from "./useVerdicts.ts";
import type {Colouring} from "../state/view.ts";

/** The measures that a colouring shows, the first that the run has; none where it shows none. */
export const COLOUR_MEASURES: Readonly<Partial<Record<Colouring, readonly MeasureKey[]>>> = {
  entropy: ["entropy"],
  kl: ["kl_final", "kl_prev"]
};

/** The measure that a colouring shows of a run. */
export const amountOf = (colour: Colouring, {fields}: Pick<RunData, "fields">): MeasureKey | undefined =>
  COLOUR_MEASURES[colour]?.find((key) => fields[key]);

/** The colours of the trajectories, as the view asks for them. */
export function useColouring(data: RunData): ColourOf {
  const palette = usePalette();
  const colour = useStore((state) => state.view.colour);
  const measure = amountOf(colour, data);
  const field = measure && data.fields[measure];
  const {inits} = data.trace;
  const steps = endStep(data);
  const verdicts = readyValue(useRunVerdicts());
  return useMemo(
    () =>
      colouring(colour, {
        palette,
        lastStep: steps,
        inits: inits.length,
        amount: measure && field && {field, isLog: MEASURES[measure].scale === "log"},
        labelOf: (init, token) => verdicts?.of(init, token)?.pattern
      }),
    [colour, palette, steps, inits.length, measure, field, verdicts]
  );
}
