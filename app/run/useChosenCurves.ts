import {useCallback, useMemo} from "react";
import type {Curve} from "../plot/curveProps.ts";
import {shownInits} from "../plot/field.ts";
import {initColour, tokenColour} from "../plot/palette.ts";
import {readyValue} from "../source/remote.ts";
import type {RunData} from "./runData.ts";
import {stepTo} from "./selection.ts";
import {point, useStore} from "../state/store.ts";
import {usePalette} from "../state/useTheme.ts";
import {useRunVerdicts} from "./useVerdicts.ts";
import type {Verdicts} from "./verdicts.ts";

/** A curve for each chosen trajectory, and what plots of them do with the pointer. */
export interface ChosenCurves {
  readonly curves: readonly Curve[];
  /** Values below are rounding; undefined until it is known. */
  readonly floor: number | undefined;
  readonly onHover: (step: number | undefined, curve: Curve | undefined, at: readonly [number, number]) => void;
  readonly onPick: (step: number) => void;
}

/** One token's inits are told apart by lightness, several tokens by hue. */
export function useChosenCurves(data: RunData, chosen: readonly number[]): ChosenCurves {
  const palette = usePalette();
  const init = useStore((state) => state.view.init);
  const inits = data.trace.inits.length;
  const curves = useMemo((): Curve[] => {
    const shown = shownInits(init, {inits});
    const single = chosen.length === 1;
    return chosen.flatMap((token) =>
      shown.map((own) => ({init: own, token, colour: single ? initColour(palette, own, inits) : tokenColour(palette, token)}))
    );
  }, [chosen, init, inits, palette]);
  const onHover = useCallback((at: number | undefined, curve: Curve | undefined, pointer: readonly [number, number]): void => {
    point(at === undefined || !curve ? undefined : {step: at, init: curve.init, token: curve.token}, pointer);
  }, []);
  const onPick = useCallback((at: number) => stepTo(at, data.lastStep), [data.lastStep]);
  return {curves, floor: floorOf(readyValue(useRunVerdicts()), curves), onHover, onPick};
}

/** Below the largest noise floor of the drawn trajectories steps are rounding. */
function floorOf(verdicts: Verdicts | undefined, curves: readonly Curve[]): number | undefined {
  const floors = curves.flatMap(({init, token}) => verdicts?.of(init, token)?.noise_floor ?? []);
  return floors.length ? Math.max(...floors) : undefined;
}
