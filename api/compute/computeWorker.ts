import {parentPort} from "node:worker_threads";
import {compute, type Computation} from "./compute.ts";

/** A thread that computes one analysis at a time, so that the server answers others meanwhile. */

parentPort!.on("message", ({dir, computation}: {dir: string; computation: Computation}) => {
  compute(dir, computation).then(
    (bytes) => parentPort!.postMessage({bytes}, [bytes.buffer as ArrayBuffer]),
    (error: unknown) => parentPort!.postMessage({error}) // errors cross threads with their class and message
  );
});
