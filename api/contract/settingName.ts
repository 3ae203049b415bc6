/** One way of running a model in an evaluation, as its spec has it. Nothing is imported here, since the page reads it, too. */
interface Setting {
  readonly steps: number;
  readonly exit: string | null;
  readonly kv: string;
}

/** A setting as it is called in tables. */
export const settingName = ({steps, exit, kv}: Setting): string =>
  [`${steps} ${steps === 1 ? "step" : "steps"}`, ...(exit === null ? [] : [exit]), ...(kv === "full" ? [] : [kv])].join(", ");
