import {useMemo} from "react";
import {placeIn} from "./compare.ts";
import {compareColour} from "./plot/palette.ts";
import type {Overlay} from "./plot/trajectoryScene.ts";
import {valueOf} from "./remote.ts";
import {useRunComparisons} from "./useComparisons.ts";
import type {Projection} from "./useProjection.ts";
import {usePalette} from "./useTheme.ts";

/** The compared runs in the basis of the one on the screen. UMAP has no basis, so nothing can be placed in it. */
export function useOverlays(basis: Projection["basis"], centred: boolean): readonly Overlay[] | undefined {
  const palette = usePalette();
  const comparisons = valueOf(useRunComparisons());
  return useMemo(
    () => (basis && comparisons?.length ? comparisons.map(({states}, k) => ({points: placeIn(basis, states, {centred}), colour: compareColour(palette, k)})) : undefined),
    [basis, comparisons, centred, palette]
  );
}
