import type {CaptureProgress} from "../job/capture.ts";
import type {CaptureSpec} from "../job/captureSpec.ts";
import type {LensSpec} from "../loop/lensReadout.ts";
import type {RunSpectrum, SpectrumSpec} from "../spectrum/spectrumSchema.ts";

/** What the service is told: plain data. */
export type CaptureOrder =
  | {readonly type: "capture"; readonly spec: CaptureSpec}
  | {readonly type: "spectrum"; readonly spec: SpectrumSpec}
  | {readonly type: "lens"; readonly spec: LensSpec};

/** How a job ended; `step` is the last one on disk, −1 where there is none. */
export interface CaptureEnd {
  readonly status: "complete" | "cancelled" | "failed";
  readonly step: number;
  /** One line, for a failed job. */
  readonly error: string | null;
}

/** How a capture ended, or a spectrum; the readout of a lens is in the file asked for. */
export interface CaptureAnswer {
  readonly end?: CaptureEnd;
  readonly spectrum?: RunSpectrum;
}

/** Step −1: the model is there and the first state is being made. */
export type CaptureNews = CaptureProgress;
