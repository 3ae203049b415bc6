import type {Engine} from "../../capture/engine/engine.ts";
import {lineOrderSchema, type LineAnswer, type LineOrder} from "../queue/shared/lineParts.ts";
import type {WorkKind, WorkTools} from "./kind.ts";

interface Prepared {
  /** What the job is called. */
  readonly title: string;
  /** The line of a part, a JSON document. */
  readonly lineOf: (index: number) => Promise<unknown>;
}

/** Makes a job's parts ready to be done, once for as long as the next order is of the same job and the same loaded model. */
type Prepare = (engine: Engine, tools: WorkTools, signal: AbortSignal) => Promise<Prepared>;

/** Parts whose results are lines; `engineOf` says what computes a job, by what is known of it. */
export function lineKind(engineOf: (tools: WorkTools) => Promise<Engine>, prepare: Prepare): WorkKind<LineOrder> {
  let kept:
    | {readonly job: string; readonly engine: Engine; readonly abort: AbortController; readonly prepared: Promise<Prepared>}
    | undefined;

  return {
    schema: lineOrderSchema,
    async work({job, index}, tools): Promise<LineAnswer> {
      const {signal, does, onDone} = tools;
      const engine = await engineOf(tools);
      if (kept?.job !== job || kept.engine !== engine) {
        const abort = new AbortController();
        kept = {job, engine, abort, prepared: prepare(engine, tools, abort.signal)};
      }
      const {abort, prepared} = kept;
      const stop = () => {
        kept = undefined; // what it holds ends with its signal
        abort.abort(signal.reason);
      };
      signal.addEventListener("abort", stop, {once: true});
      try {
        const {title, lineOf} = await prepared;
        does(`${title} ${index}`);
        signal.throwIfAborted();
        const line = JSON.stringify(await lineOf(index));
        onDone();
        return {line};
      } catch (error) {
        kept = undefined;
        throw error;
      } finally {
        signal.removeEventListener("abort", stop);
      }
    }
  };
}
