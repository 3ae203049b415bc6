import {answerOrders} from "../../capture/service/answerOrders.ts";
import {compute, type ComputeProgress} from "./compute.ts";
import type {ComputeOrder} from "./computePool.ts";

const TELL_MS = 200; // how often it is told how far it is, at most

/** A process that computes one analysis at a time, so that the server answers others meanwhile. */

answerOrders<ComputeOrder, Uint8Array, ComputeProgress>(({dir, computation, others}, {tell}) => {
  let told = -Infinity;
  const onProgress = (progress: ComputeProgress): void => {
    if (performance.now() < told + TELL_MS) return;
    told = performance.now();
    tell(progress);
  };
  return compute(dir, computation, {others, onProgress});
});
