import type {ComputeDtype, Device} from "../../../capture/engine/choices.ts";

/** What an order needs of the worker that does it. */
export interface Lane {
  /** The model's. */
  readonly hash: string;
  readonly dtype: ComputeDtype;
  readonly device: Device;
  /** A run's files, which only workers take that share a place for them with who asks; defaults to false. */
  readonly files?: boolean;
}

/** A model has a line for each kind of device and number format, into which only workers look that have all three and the memory for them. */
export const laneName = ({hash, dtype, device, files = false}: Lane): string =>
  `orrery-${hash.slice(0, 16)}-${dtype}-${device}${files ? "-files" : ""}`;

export const partJob = (job: string, index: number): string => `${job}-${index}`;

/** What all parts of a job need to know, as JSON, where that is too much to be told with each. */
export const setupKey = (job: string): string => `orrery:setup:${job}`;

/** There while a job is called off; workers look once a second. */
export const calledOffKey = (job: string): string => `orrery:called-off:${job}`;

/** How a part ends that was called off. */
export const CALLED_OFF = "called off";

/** A worker's own word of itself; it fades when the worker is gone. */
export const workerKey = (id: string): string => `orrery:worker:${id}`;

/** How a dead worker is noticed: its lease is renewed for as long as it lives. */
export const LEASE_MS = 15_000;
export const CHECK_MS = 5000;

/** Tries of a part that fails for another reason than what was asked, each after twice the pause of the one before. */
export const ATTEMPTS = 5;
export const FIRST_PAUSE_MS = 1000;
