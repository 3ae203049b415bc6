import {z} from "zod";
import {ModelFormatError} from "./modelFormatError.ts";

const MAX_SIZE = 1 << 24; // far above any real width or vocabulary; stops a corrupt number from asking for everything
const MAX_BLOCKS = 1024;

/** A width, a number of heads, a vocabulary. */
export const size = z.number().int().min(1).max(MAX_SIZE);
/** A number of blocks in a stack that may be empty. */
export const blocks = z.number().int().min(0).max(MAX_BLOCKS);
/** A number of blocks in a stack that may not. */
export const someBlocks = z.number().int().min(1).max(MAX_BLOCKS);
/** A key that may be absent or have the one value that is computed here. */
export const exactly = <T extends string | number | boolean | null>(value: T) => z.literal(value).optional();

/** The value of a key that has several names. Throws a ModelFormatError where none is there, or where they contradict each other. */
export function either<Key extends string>(file: Readonly<Partial<Record<Key, number>>>, ...keys: readonly Key[]): number {
  const found = keys.filter((key) => file[key] !== undefined);
  if (found.length === 0) throw new ModelFormatError(`missing config key: ${keys.join(" or ")}`);
  const values = new Set(found.map((key) => file[key]));
  if (values.size > 1) throw new ModelFormatError(`contradictory config keys: ${found.map((key) => `${key} ${file[key]}`).join(", ")}`);
  return file[found[0]] as number;
}

/** Reads a config.json by a family's schema. Throws a ModelFormatError that names the key, its value and what is allowed. */
export function readConfig<T>(schema: z.ZodType<T>, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new ModelFormatError(problemOf(parsed.error.issues[0], json));
  return parsed.data;
}

function problemOf(issue: z.core.$ZodIssue, json: unknown): string {
  const key = issue.path.join(".");
  if (key === "") return "invalid config.json: expected a JSON object";
  const value = issue.path.reduce<unknown>((at, part) => (at as Record<PropertyKey, unknown> | undefined)?.[part], json);
  if (value === undefined) return `missing config key: ${key}`;
  const allowed = issue.code === "invalid_value" ? `expected ${issue.values.join(", ")}` : issue.message.toLowerCase();
  return `unsupported config key ${key}: ${JSON.stringify(value)?.slice(0, 80)}; ${allowed}`;
}
