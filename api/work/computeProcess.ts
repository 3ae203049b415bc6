import {answerOrders} from "../../capture/service/answerOrders.ts";
import {compute} from "./compute.ts";
import type {ComputeOrder} from "./computePool.ts";

/** A process that computes one analysis at a time, so that the server answers others meanwhile. */

answerOrders<ComputeOrder, Uint8Array>(({dir, computation, others}) => compute(dir, computation, others));
