import type {Model} from "../model/family.ts";
import {partOf} from "../model/parts.ts";
import {Refusal} from "../trace/refusal.ts";
import {onSession, type Session} from "./session.ts";

/** How one position went through the loop: entry 0 is its start. */
export interface PositionRecord {
  readonly id: number;
  /** What every step was given again [inputWidth]; the last, where it changed. */
  readonly input: Float32Array;
  /** Carried rows [carriedWidth]. */
  readonly states: readonly Float32Array[];
  /** What the head reads of each of them [width], through the model's own lens among the positions before it. */
  readonly rows: readonly Float32Array[];
  /** λ of the model's own exit gate after each of them; NaN at the start, and where it has none. */
  readonly gates: readonly number[];
}

export interface RecordedSession {
  readonly session: Session;
  /** What the positions went through that are kept, in their order. */
  readonly records: readonly PositionRecord[];
}

interface Growing extends PositionRecord {
  readonly states: Float32Array[];
  readonly rows: Float32Array[];
  readonly gates: number[];
}

interface RecordOptions {
  /** Positions that are taken up again go on where they were, as a wavefront's do; else they begin anew. Defaults to false. */
  readonly goesOn?: boolean;
}

const MAX_BYTES = 2 ** 31; // of states that are held until the trace is written

/** A session whose positions are kept: their states after every step. Throws a Refusal where that takes too much memory. */
export function recordSession(
  session: Session,
  {width, carriedWidth, inputWidth}: Pick<Model, "width" | "carriedWidth" | "inputWidth">,
  {goesOn = false}: RecordOptions = {}
): RecordedSession {
  const records: Growing[] = [];
  let from = 0; // of the current chunk
  let bytes = 0;
  let rows: Float32Array = new Float32Array(0); // of the state that was seen last: who reads it next need not decode it again

  /** Keeps what the chunk's positions have now, but for the first `known` of them. */
  const see = async (known = 0): Promise<void> => {
    rows = await session.read();
    records.slice(from).forEach(({states, rows: own, gates}, i) => {
      if (i < known) return;
      states.push(session.state.slice(i * carriedWidth, (i + 1) * carriedWidth));
      own.push(rows.slice(i * width, (i + 1) * width));
      gates.push(session.gates?.[i] ?? Number.NaN);
    });
    bytes += (records.length - from - known) * (carriedWidth + width) * Float32Array.BYTES_PER_ELEMENT;
    if (bytes > MAX_BYTES)
      throw new Refusal(`too much to keep: ${bytes} bytes of states; at most ${MAX_BYTES}, with fewer steps or tokens`, {kind: "heavy"});
  };
  const inputOf = (i: number) => session.input.slice(i * inputWidth, (i + 1) * inputWidth);

  const recorded = onSession(session, {
    async extend(ids, start, input) {
      await session.extend(ids, start, input);
      from = session.length - ids.length;
      const known = goesOn ? records.slice(from, from + ids.length) : [];
      records.length = from;
      ids.forEach((id, i) => {
        const {states = [], rows: own = [], gates = []} = known[i] ?? {};
        records.push({states, rows: own, gates, id, input: inputOf(i)});
      });
      await see(known.length);
    },
    async step() {
      const state = await session.step();
      await see();
      return state;
    },
    read: () => Promise.resolve(rows),
    head: (rows) => session.head(rows),
    truncate(length) {
      session.truncate(length);
      if (!goesOn) records.length = Math.min(records.length, length);
    }
  });
  return {session: recorded, records};
}

/** A position's part of the state at a step; past its last one it stays where it left. */
export const stateOf = (model: Parameters<typeof partOf>[0], {states}: PositionRecord, step: number, part?: string): Float32Array =>
  partOf(model, states[Math.min(step, states.length - 1)], part);
