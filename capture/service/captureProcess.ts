import {createModelKeeper} from "../engine/modelKeeper.ts";
import {errorLine} from "../errorLine.ts";
import {capture} from "../job/capture.ts";
import {lensReadout} from "../loop/lensReadout.ts";
import {runSpectrum} from "../spectrum/runSpectrum.ts";
import {answerOrders, type AnswerTools} from "./answerOrders.ts";
import type {CaptureAnswer, CaptureEnd, CaptureNews, CaptureOrder} from "./protocol.ts";

/** The capture service's process: keeps the model loaded between orders, and finishes the step that it is in when it is to end. */

const PROGRESS_INTERVAL_MS = 50; // a small model makes a thousand steps a second

const models = createModelKeeper({log: (line) => process.stderr.write(`${line}\n`)});

answerOrders<CaptureOrder, CaptureAnswer, CaptureNews>(
  async (order, tools) => {
    const {type, spec} = order;
    const engine = () => models.engineFor(spec);
    if (type === "capture") return {end: await performCapture(order, tools)};
    if (type === "spectrum") return {spectrum: await runSpectrum(order.spec, {engine})};
    await lensReadout(order.spec, {engine});
    return {};
  },
  {finishes: true}
);

/** What goes wrong in a capture is how it ended. */
async function performCapture(
  {spec}: Extract<CaptureOrder, {type: "capture"}>,
  {signal, tell}: AnswerTools<CaptureNews>
): Promise<CaptureEnd> {
  let step = -1;
  let lastReport = 0;
  try {
    const trace = await capture(spec, {
      engine: () => models.engineFor(spec),
      signal,
      onProgress: (progress) => {
        step = progress.step;
        if (step !== -1 && performance.now() - lastReport < PROGRESS_INTERVAL_MS && step !== 0 && step !== spec.steps) return;
        lastReport = performance.now();
        tell(progress);
      }
    });
    return {status: trace.status === "complete" ? "complete" : "cancelled", step: trace.steps_written, error: null};
  } catch (error) {
    return signal.aborted ? {status: "cancelled", step, error: null} : {status: "failed", step, error: errorLine(error)};
  }
}
