import {createContext, Script} from "node:vm";
import {Refusal} from "../trace/refusal.ts";

const context = createContext({work: undefined as (() => unknown) | undefined});
const script = new Script("work()");

/**
 * The answer of work that runs without a pause, such as a regular expression of somebody else's over a text: it is broken off after `milliseconds`, in any
 * thread, without ending it. Throws a Refusal then, which begins with `what`.
 */
export function withDeadline<T>(what: string, milliseconds: number, work: () => T): T {
  const outer = context.work;
  context.work = work;
  try {
    return script.runInContext(context, {timeout: milliseconds}) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    throw new Refusal(`${what} came to no end within ${Math.round(milliseconds / 1000)} s`, {kind: "late", cause: error});
  } finally {
    context.work = outer;
  }
}
