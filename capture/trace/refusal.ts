/**
 * What a fault is, so that whoever tells it knows what to say: `invalid` is what was asked for, `unusable` a model or a
 * machine that cannot do it, `unknown` a thing that is not there, `conflict` one that is
 * in another state, `damaged` a file that is not what it should be, `full` a disk without room, `storage` one that does not answer or may not be used,
 * `busy` a line that is too long, `late` a deadline, `heavy` a bound on memory, `killed` a process that was ended, `closing` the server itself.
 */
export const FAULT_KINDS = [
  "invalid",
  "unusable",
  "forbidden",
  "unknown",
  "conflict",
  "damaged",
  "busy",
  "full",
  "storage",
  "late",
  "heavy",
  "killed",
  "closing"
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface RefusalOptions extends ErrorOptions {
  /** Defaults to that of the cause, and to `invalid` without one. */
  readonly kind?: FaultKind;
}

/** A fault that is told in its own words, in one line, to whoever asked. Whatever else is thrown is a bug of ours. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly kind: FaultKind;
  constructor(message: string, {kind, ...options}: RefusalOptions = {}) {
    super(message, options);
    this.kind = kind ?? (options.cause instanceof Refusal ? options.cause.kind : "invalid");
  }
}

const storageWords: Readonly<Record<string, readonly [FaultKind, string]>> = {
  ENOSPC: ["full", "no space left on the device"],
  EDQUOT: ["full", "the disk quota is used up"],
  EFBIG: ["full", "the file system takes no file so large"],
  EIO: ["storage", "the device does not read or write"],
  EROFS: ["storage", "the file system is read-only"],
  EACCES: ["storage", "permission denied"],
  EPERM: ["storage", "operation not permitted"],
  EMFILE: ["storage", "too many open files"],
  ENFILE: ["storage", "too many open files"],
  EISDIR: ["damaged", "a folder stands where a file is expected"],
  ENOTDIR: ["damaged", "a file stands where a folder is expected"],
  ESTALE: ["storage", "the network file system lost the file"]
};

/**
 * What the operating system says of a disk as a Refusal with its code; any other error as it is. It names the place, or where none is given the path that
 * Node tells, up to what only passes through on its way to a name.
 */
export function diskFault(error: unknown, place?: string): unknown {
  const {code, path} = (error ?? {}) as {code?: string; path?: string}; // as Node gives them
  if (error instanceof Refusal || code === undefined || !Object.hasOwn(storageWords, code)) return error;
  const [kind, words] = storageWords[code];
  const told = place ?? path;
  const named = told === undefined ? undefined : lastingPlace(told);
  return new Refusal(named === undefined ? `${words} (${code})` : `${words} (${code}): ${named}`, {kind, cause: error});
}

const PASSING = /[/\\]\.orrery~/; // processIdentity.ts makes such names

/** A path up to what only passes through on its way to a name. */
export const lastingPlace = (path: string): string => path.split(PASSING)[0];

/** Whether it is the disk that failed, so that what was computed can still be given. */
export function isDiskFault(error: unknown): boolean {
  const found = diskFault(error);
  return found instanceof Refusal && (found.kind === "full" || found.kind === "storage");
}

/** An error as plain data, which crosses processes and threads whole. `kind` is null for a bug. */
export interface Fault {
  readonly kind: FaultKind | null;
  readonly message: string;
  /** The message of what caused it. */
  readonly cause: string | null;
  /** Where a bug was met, for the log. */
  readonly stack: string | null;
}

export function faultOf(thrown: unknown): Fault {
  const error = diskFault(thrown);
  const isKnown = error instanceof Refusal;
  const cause = error instanceof Error ? error.cause : undefined;
  return {
    kind: isKnown ? error.kind : null,
    message: error instanceof Error ? error.message : String(error),
    cause: cause === undefined ? null : cause instanceof Error ? cause.message : String(cause),
    stack: isKnown || !(error instanceof Error) ? null : (error.stack ?? null)
  };
}

/** The error that a fault tells of: a Refusal, or an Error with the stack of the process that met the bug. */
export function errorOf({kind, message, cause, stack}: Fault): Error {
  const options = cause === null ? {} : {cause: new Error(cause)};
  if (kind !== null) return new Refusal(message, {kind, ...options});
  const error = new Error(message, options);
  if (stack !== null) error.stack = stack;
  return error;
}
