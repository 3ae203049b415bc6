import {faultOf} from "../../capture/trace/refusal.ts";
import {compute, type Computation} from "./compute.ts";

/** A process that computes one analysis at a time, so that the server answers others meanwhile. It ends with its parent. */

process.on("disconnect", () => process.exit(0));
process.on("message", ({dir, computation, others}: {dir: string; computation: Computation; others?: readonly string[]}) => {
  compute(dir, computation, others).then(
    (bytes) => process.send!({bytes}),
    (error: unknown) => process.send!({fault: faultOf(error)})
  );
});
