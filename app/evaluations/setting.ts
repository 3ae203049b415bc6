import type {EvalSetting} from "../../api/contract/contract.ts";

/** Every item at one number of steps, without a rule and with the full cache. */
export const isDepth = ({exit, kv}: EvalSetting): boolean => exit === null && kv === "full";

/** A share with its standard error, in percent: 93.8 ± 2.7 %. */
export const shareText = (share: number | null, error: number | null): string =>
  share === null ? "–" : `${(100 * share).toFixed(1)}${error === null ? "" : ` ± ${(100 * error).toFixed(1)}`} %`;
