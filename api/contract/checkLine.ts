import type {z} from "zod";

/** The first complaint of a failed check as one line: where, the value, what is allowed. */
export function checkLine(error: z.ZodError, input: unknown): string {
  const [{path, message, ...issue}] = error.issues;
  if (issue.code === "unrecognized_keys")
    return `unknown ${[...path, ""].join(".")}${issue.keys.join(", ")}; not among what is allowed here`;
  const value = path.reduce<unknown>(
    (at, part) => (typeof at === "object" && at !== null ? (at as Record<PropertyKey, unknown>)[part] : undefined),
    input
  );
  if (path.length === 0) return `invalid request: ${lowerFirst(allowed(message))}`;
  return value === undefined
    ? `missing ${path.join(".")}; ${lowerFirst(allowed(message))}`
    : `invalid ${path.join(".")}: ${shown(value)}; ${lowerFirst(allowed(message))}`;
}

const MAX_SHOWN = 60;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

/** Zod says "Too big: expected number to be <=4096"; the value stands beside it already. */
const allowed = (message: string): string => message.replace(/^(Too (big|small)|Invalid (input|option|string)): /, "");

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
