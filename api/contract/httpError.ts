import {Refusal, type FaultKind, type RefusalOptions} from "../../capture/trace/refusal.ts";

/** The HTTP status of each kind of fault: the one place where a fault becomes a status. */
const statusOfKind: Readonly<Record<FaultKind, number>> = {
  invalid: 400,
  unusable: 400,
  forbidden: 403,
  unknown: 404,
  conflict: 409,
  damaged: 422,
  busy: 429,
  storage: 500,
  heavy: 503,
  killed: 503,
  closing: 503,
  late: 504,
  full: 507
};

const kindOfStatus = (status: number): FaultKind =>
  (Object.keys(statusOfKind) as FaultKind[]).find((kind) => statusOfKind[kind] === status) ?? "invalid";

/** A Refusal with a status that its kind alone would not have, as 415. */
export class HttpError extends Refusal {
  override name = "HttpError";
  constructor(
    readonly status: number,
    message: string,
    options: RefusalOptions = {}
  ) {
    super(message, {kind: kindOfStatus(status), ...options});
  }
}

/** The status of what was thrown; 500 for a bug. */
export function statusOf(error: unknown): number {
  if (error instanceof HttpError) return error.status;
  if (error instanceof Refusal) return statusOfKind[error.kind];
  const {status, expose} = (error ?? {}) as {status?: unknown; expose?: unknown}; // express's own: a body that is no JSON, or too large
  const isTold = expose === true || error instanceof URIError; // the latter: an address such as /%zz
  return typeof status === "number" && isTold ? status : 500;
}
