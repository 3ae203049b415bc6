import {createHash} from "node:crypto";
import {basename} from "node:path";
import type {Redis} from "ioredis";
import {errorLine} from "../../capture/errorLine.ts";
import type {CaptureSpec} from "../../capture/job/captureSpec.ts";
import type {CaptureEnd, CaptureService} from "../../capture/service/captureService.ts";
import {hashOfModel} from "../models/hashOfModel.ts";
import {CAPTURE, captureNewsSchema} from "./captureParts.ts";
import {fetchRun, runPlace} from "./fetchRun.ts";

interface RemoteCapturesOptions {
  /** The queue's address. */
  readonly queue: string;
  /** The place that the workers put runs into. */
  readonly results: string;
  readonly log: (line: string) => void;
}

/** Captures by the workers of a queue. A run comes whole, when it is done: one that is cancelled leaves nothing. */
export function remoteCaptures({queue, results, log}: RemoteCapturesOptions): Pick<CaptureService, "run" | "close"> {
  let connecting: Promise<Redis> | undefined;

  /** The queue's libraries are loaded when it is first needed. */
  async function connection(): Promise<Redis> {
    const {connectQueue} = await import("../queue/shared/queueConnection.ts");
    connecting ??= connectQueue(queue, {onLost: log});
    connecting.catch(() => (connecting = undefined));
    return connecting;
  }

  return {
    async run(spec, {signal, onRunning, onProgress} = {}): Promise<CaptureEnd> {
      let step = -1;
      try {
        const {collectParts} = await import("../queue/shared/collectParts.ts");
        const {model, dir, init_states: _, ...told} = spec;
        const hash = await hashOfModel(model);
        const job = captureJob(told, {hash, run: basename(dir)});
        const parts = {
          ...{job, kind: CAPTURE, missing: [0], lane: {hash, dtype: spec.dtype, device: spec.device, files: true}},
          orderOf: () => ({spec: told}),
          async take(_index: number, answer: unknown) {
            step = await fetchRun(runPlace(results, job, 0), dir, {answer, log});
          },
          onNews(_index: number, news: unknown) {
            const {data} = captureNewsSchema.safeParse(news);
            if (data?.step === -1) onRunning?.();
            else if (data) onProgress?.(data.step, data.secondsLeft);
          }
        };
        await collectParts(await connection(), parts, {signal});
        return {status: "complete", step, error: null};
      } catch (error) {
        return signal?.aborted ? {status: "cancelled", step: -1, error: null} : {status: "failed", step: -1, error: errorLine(error)};
      }
    },
    async close() {
      (await connecting?.catch(() => undefined))?.disconnect();
    }
  };
}

/** The same for the same run of the same name: who asks twice finds what is done. */
const captureJob = (spec: Omit<CaptureSpec, "model" | "dir">, of: {readonly hash: string; readonly run: string}): string =>
  `capture-${createHash("sha256")
    .update(JSON.stringify([spec, of]))
    .digest("hex")
    .slice(0, 16)}`;
