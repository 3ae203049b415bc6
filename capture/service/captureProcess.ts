import {capture} from "../job/capture.ts";
import {errorLine} from "../errorLine.ts";
import {lensReadout} from "../loop/lensReadout.ts";
import {faultOf} from "../trace/refusal.ts";
import {createModelKeeper} from "../engine/modelKeeper.ts";
import {runSpectrum} from "../spectrum/runSpectrum.ts";
import {orderSchema, type Order, type Report} from "./protocol.ts";

/** The capture service's process: started by captureService.ts, told by messages, ended by SIGTERM or when its parent is gone. */

const PROGRESS_INTERVAL_MS = 50; // a small model makes a thousand steps a second

const models = createModelKeeper({log: (line) => report({type: "log", line})});
let current: {readonly id: string; readonly abort: AbortController; readonly done: Promise<void>} | undefined;

process.on("message", (message) => take(orderSchema.parse(message)));
process.on("disconnect", () => void leave("killed")); // the server died: nobody would hear the rest
process.on("SIGTERM", () => void leave("cancelled"));
process.on("SIGINT", () => {}); // Ctrl-C reaches the whole group; the parent decides
report({type: "ready"});

function take(order: Order): void {
  if (order.type === "cancel") {
    if (current?.id === order.id) current.abort.abort("cancelled");
    return;
  }
  const abort = new AbortController();
  current = {id: order.id, abort, done: order.type === "capture" ? performCapture(order, abort.signal) : inspect(order)};
}

async function performCapture({id, spec}: Extract<Order, {type: "capture"}>, signal: AbortSignal): Promise<void> {
  let step = -1;
  let lastReport = 0;
  try {
    const trace = await capture(spec, {
      engine: () => models.engineFor(spec),
      signal,
      onProgress: (progress) => {
        step = progress.step;
        if (step === -1) return report({type: "running", id});
        if (performance.now() - lastReport < PROGRESS_INTERVAL_MS && step !== 0 && step !== spec.steps) return;
        lastReport = performance.now();
        report({type: "progress", id, step, secondsLeft: progress.secondsLeft});
      }
    });
    report({type: "ended", id, status: trace.status === "complete" ? "complete" : "cancelled", step: trace.steps_written, error: null});
  } catch (error) {
    if (signal.aborted) report({type: "ended", id, status: "cancelled", step, error: null});
    else report({type: "ended", id, status: "failed", step, error: errorLine(error)});
  }
}

/** Cannot be cancelled between two steps: who has no patience kills the process. */
async function inspect(order: Extract<Order, {type: "spectrum" | "lens"}>): Promise<void> {
  const {id, spec} = order;
  const engine = () => models.engineFor(spec);
  try {
    if (order.type === "spectrum") report({type: "spectrum", id, spectrum: await runSpectrum(order.spec, {engine})});
    else await lensReadout(order.spec, {engine});
    report({type: "ended", id, status: "complete", step: -1, error: null});
  } catch (error) {
    report({type: "ended", id, status: "failed", step: -1, error: errorLine(error), fault: faultOf(error)});
  }
}

async function leave(reason: string): Promise<void> {
  current?.abort.abort(reason);
  await current?.done;
  process.exit(0);
}

function report(message: Report): void {
  if (process.connected) process.send!(message);
}
