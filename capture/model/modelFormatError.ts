import {Refusal} from "../trace/refusal.ts";

/** A config.json, or a checkpoint, that this program cannot run as it is meant; the message names the key or tensor. */
export class ModelFormatError extends Refusal {
  override name = "ModelFormatError";
  constructor(message: string, options: ErrorOptions = {}) {
    super(message, {kind: "unusable", ...options});
  }
}
