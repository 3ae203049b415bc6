import type {Bounds} from "../../api/contract/choices.ts";

/** What is wrong with a number of a form: the value and what is allowed; undefined where nothing is. */
export function boundProblem(
  value: number,
  name: string,
  {least, most, whole = true}: Pick<Bounds, "least" | "most"> & {readonly whole?: boolean}
): string | undefined {
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return undefined;
  return `${name}: ${Number.isNaN(value) ? "nothing" : value}; expected ${least} to ${most}.`;
}
