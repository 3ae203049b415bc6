import {errorLine} from "../../capture/errorLine.ts";
import {runExperiment} from "./experiment.ts";
import {orderSchema, type ExperimentOrder, type ExperimentReport} from "./experimentMessages.ts";

/** The process of one experiment: started by experimentRunner.ts, told once what to do, ended by SIGTERM or when its parent is gone. What it finished stays. */

const abort = new AbortController();

process.once("message", (message) => void perform(orderSchema.parse(message)));
process.on("disconnect", () => abort.abort(new Error("the server ended")));
process.on("SIGTERM", () => abort.abort(new Error("cancelled")));
process.on("SIGINT", () => {}); // Ctrl-C reaches the whole group; the parent decides

async function perform({dir, request}: ExperimentOrder): Promise<void> {
  try {
    await runExperiment(dir, request, {
      signal: abort.signal,
      onProgress: ({finished, secondsLeft}) => report({type: "progress", finished, secondsLeft})
    });
    report({type: "ended", status: "complete", error: null});
  } catch (error) {
    report(
      abort.signal.aborted ? {type: "ended", status: "cancelled", error: null} : {type: "ended", status: "failed", error: errorLine(error)}
    );
  }
  if (process.connected) process.disconnect?.();
}

function report(message: ExperimentReport): void {
  if (process.connected) process.send!(message);
}
