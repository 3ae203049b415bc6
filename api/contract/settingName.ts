import {counted} from "../../capture/trace/counted.ts";

/** One way of running a model in an evaluation, as its spec has it. */
interface Setting {
  readonly steps: number;
  readonly exit: string | null;
  readonly kv: string;
}

/** A setting as it is called in tables. */
export const settingName = ({steps, exit, kv}: Setting): string =>
  [counted(steps, "step"), ...(exit === null ? [] : [exit]), ...(kv === "full" ? [] : [kv])].join(", ");
