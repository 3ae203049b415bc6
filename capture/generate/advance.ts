import {logSoftmax} from "../loop/readoutRow.ts";
import type {ExitPolicy} from "./exitPolicy.ts";
import type {Model} from "../model/family.ts";
import type {Session} from "./session.ts";

export interface AdvanceOptions {
  /** At most so many steps. */
  readonly steps: number;
  readonly exit?: ExitPolicy;
  /** The rule is not asked while fewer steps than this were taken; defaults to 1. */
  readonly minSteps?: number;
  readonly signal?: AbortSignal;
}

/** How a chunk went through the loop. */
interface Advance {
  readonly steps: number;
  /** The rule's value after each step; NaN where it has none. Empty without a rule. */
  readonly values: readonly number[];
  /** What the head reads after the last step [tokens, width]. */
  readonly rows: Float32Array;
  /** Logits of the chunk's last position [vocab] after its last step. */
  readonly logits: Float32Array;
}

/** Runs the session's current chunk through the loop until the rule lets it leave, or the steps are done, and reads its last position. */
export async function advance(
  session: Session,
  {width, carriedWidth}: Pick<Model, "width" | "carriedWidth">,
  {steps, exit, minSteps = 1, signal}: AdvanceOptions
): Promise<Advance> {
  const values: number[] = [];
  const see = exit?.start();
  see?.({step: 0, state: session.state, width: carriedWidth});
  let left: (Reading & {readonly steps: number}) | undefined;
  let read: Reading | undefined;
  while (session.steps < steps) {
    signal?.throwIfAborted();
    const state = await session.step(exit ? 1 : steps - session.steps);
    const step = session.steps;
    read = undefined;
    if (!see || !exit || left) continue;
    if (exit.reads === "logprobs") read = await readLast(session, width);
    const logprobs = read && logSoftmax(read.logits, new Float32Array(read.logits.length));
    const {value, exit: leaves} = see({step, state, width: carriedWidth, logprobs, gate: session.gates?.at(-1)});
    values.push(value);
    if (!leaves || step < minSteps) continue;
    if (!exit.runsOn) break;
    left = {steps: step, ...(read ?? (await readLast(session, width)))};
  }
  return {steps: session.steps, values, ...(left ?? read ?? (await readLast(session, width)))};
}

type Reading = Pick<Advance, "rows" | "logits">;

async function readLast(session: Session, width: number): Promise<Reading> {
  const rows = await session.read();
  return {rows, logits: await session.head(rows.subarray(rows.length - width))};
}
