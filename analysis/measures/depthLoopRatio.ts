import {distance, rowOf, type Matrix} from "../matrix.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

/**
 * Pappone, Crisostomi and Rodolà's DLR (arXiv 2509.23314, eq. 2): the jump from the last state of one looped group to the first of the next, over the mean
 * step within the group: ‖x_{g+1}^(0) − x_g^(K)‖ / mean_k ‖x_g^(k+1) − x_g^(k)‖. Far above 1 where loops refine and hand-offs transform. Throws a
 * Refusal for a group of fewer than two states; Infinity where the group does not move.
 */
export function depthLoopRatio(group: Matrix, nextFirst: Float32Array): number {
  if (group.rows < 2) throw new Refusal(`invalid group: ${group.rows} states; expected at least 2`);
  if (nextFirst.length !== group.cols) throw new Refusal(`invalid next state: ${nextFirst.length} numbers; expected ${group.cols}`);
  let arc = 0;
  for (let k = 1; k < group.rows; ++k) arc += distance(rowOf(group, k), rowOf(group, k - 1));
  return distance(nextFirst, rowOf(group, group.rows - 1)) / (arc / (group.rows - 1));
}
