import {capture} from "../capture.ts";
import {errorLine} from "../errorLine.ts";
import {createModelKeeper} from "../modelKeeper.ts";
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
  const {id, spec} = order;
  current = {id, abort, done: perform(id, spec, abort.signal)};
}

async function perform(id: string, spec: Extract<Order, {type: "capture"}>["spec"], signal: AbortSignal): Promise<void> {
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

async function leave(reason: string): Promise<void> {
  current?.abort.abort(reason);
  await current?.done;
  process.exit(0);
}

function report(message: Report): void {
  if (process.connected) process.send!(message);
}
