import type {z} from "zod";

/** The first complaint of a failed check as one line: where, the value, what is allowed. */
export function checkLine(error: z.ZodError, input: unknown): string {
  const [{path, message: own, ...issue}] = error.issues;
  const message = issue.code === "invalid_union" ? (eitherOf(issue.errors) ?? own) : own;
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

/** What a value that is none of several kinds might have been; undefined where the kinds say more than what they are. */
function eitherOf(kinds: readonly (readonly z.core.$ZodIssue[])[]): string | undefined {
  const expected = kinds.map(([first]) => (first?.code === "invalid_type" && first.path.length === 0 ? first.expected : undefined));
  return expected.length > 0 && expected.every((kind) => kind !== undefined) ? `expected ${expected.join(" or ")}` : undefined;
}

const MAX_SHOWN = 60;

/** A value as an error shows it. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

/** Zod says "Too big: expected number to be <=4096"; the value stands beside it already. */
const allowed = (message: string): string => message.replace(/^(Too (big|small)|Invalid (input|option|string)): /, "");

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
