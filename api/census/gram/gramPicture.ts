import {gramPca} from "../../../analysis/projections/gramPca.ts";
import type {PathProducts} from "../../../analysis/patterns/pathProducts.ts";
import {numberOrNull} from "../../analyses/numberOrNull.ts";
import type {PathPicture} from "../../contract/censusAnswers.ts";
import type {GramTrace} from "./gramFolder.ts";

/** PCA of one path of a Gram trace, in axes of its own; undefined where nothing of it was kept, since a number is not finite or nothing ever moved. */
export function gramPicture(
  {paths, trace: {tokens}, first_step: firstStep}: GramTrace,
  {init, token, components}: {readonly init: number; readonly token: number; readonly components: number}
): PathPicture | undefined {
  const {judged, rows}: PathProducts = paths[init * tokens.length + token];
  if (!judged) return undefined;
  const {late, skipped, weighed} = judged;
  const {scores, explained} = gramPca(late, {components});
  const still = rows - skipped - late.size; // equal to the last of those that are kept
  const points = Array.from({length: late.size + still}, (_, i) => {
    const at = Math.min(i, late.size - 1) * components;
    return [...scores.subarray(at, at + components)];
  });
  return {first_step: firstStep + skipped, points, explained: explained.map((share) => numberOrNull(share) ?? 0), weighed: weighed.length};
}
