import {useCallback} from "react";
import type {Spot} from "../../plot/spot.ts";
import {go} from "../../state/store.ts";
import {choose} from "../selection.ts";

/** What a picture of so many tokens does with a click, on nothing too, and with a lasso. */
export function usePicking(count: number) {
  const pick = useCallback(
    (spot: Spot | undefined, extend: boolean): void => {
      if (spot) choose(spot.token, count, {extend});
      else if (!extend) go({tokens: []});
    },
    [count]
  );
  const surround = useCallback((tokens: readonly number[]): void => go({tokens}), []);
  return {pick, surround};
}
