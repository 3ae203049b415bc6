import {useMemo} from "react";
import {compareColour} from "../../plot/palette.ts";
import type {Overlay} from "../../plot/trajectoryScene.ts";
import {useCompared} from "../compare/useComparisons.ts";
import type {Projection} from "./useProjection.ts";
import {usePalette} from "../../state/useTheme.ts";

/** The compared runs in the picture: the partners of the chosen tokens, or everything where none is chosen. */
export function useOverlays({others, points}: Projection, chosen: readonly number[]): readonly Overlay[] | undefined {
  const palette = usePalette();
  const comparisons = useCompared();
  return useMemo(() => {
    const overlays = comparisons.flatMap(({id, index, alignment: {partners}}): Overlay[] => {
      const drawn = others.find((other) => other.run === id)?.points;
      if (!drawn || partners.length !== points.tokens) return []; // of another moment
      const wanted = chosen.length ? chosen : partners.keys();
      const pairs = [...wanted].map((token) => ({token: partners[token], beside: token})).filter(({token}) => token >= 0);
      return [
        {
          points: drawn,
          colour: compareColour(palette, index),
          pairs,
          tokens: chosen.length ? pairs.map(({token}) => token) : [...Array(drawn.tokens).keys()]
        }
      ];
    });
    return overlays.length ? overlays : undefined;
  }, [comparisons, others, points.tokens, chosen, palette]);
}
