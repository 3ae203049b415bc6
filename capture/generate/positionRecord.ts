import type {Engine} from "../engine/engine.ts";
import {partOf} from "../model/parts.ts";
import {readoutOf, type StepReadout} from "../loop/readout.ts";
import {Refusal} from "../trace/refusal.ts";
import type {Session} from "./session.ts";

/** What a readout has of one position after one step; see StepReadout. */
export interface PositionReadout {
  readonly topIds: Int32Array;
  readonly topLogprobs: Float32Array;
  readonly entropy: number;
  readonly klPrev: number;
  readonly klFinal: number;
}

/** How one position went through the loop: entry 0 is its start. */
export interface PositionRecord {
  readonly id: number;
  /** What every step was given again [inputWidth]. */
  readonly input: Float32Array;
  /** Carried rows [carriedWidth]. */
  readonly states: readonly Float32Array[];
  readonly readouts: readonly PositionReadout[];
}

interface RecordedSession extends Session {
  /** What the positions that are still there went through, in their order. */
  finish(): Promise<readonly PositionRecord[]>;
}

interface Chunk {
  readonly input: Float32Array;
  readonly from: number;
  readonly ids: readonly number[];
  readonly states: Float32Array[];
  readonly readouts: StepReadout[];
  readonly klFinal: Float32Array[];
  readonly readout: ReturnType<typeof readoutOf>;
}

const MAX_BYTES = 2 ** 31; // of states that are held until the trace is written

/**
 * A session whose positions are kept: their states after every step, and what each of them would say there, read through the model's own
 * lens among the positions before it. Throws a Refusal where that takes too much memory.
 */
export function recordSession(
  session: Session,
  engine: Engine,
  {top, steps}: {readonly top: number; readonly steps: number}
): RecordedSession {
  const {model} = engine;
  const records: PositionRecord[] = [];
  let chunk: Chunk | undefined;
  let bytes = 0;
  let rows: Float32Array = new Float32Array(0); // of the state that was seen last: who reads it next need not decode it again

  const see = async ({ids, states, readouts, readout}: Chunk, step: number): Promise<void> => {
    rows = await session.read();
    const logits = await session.head(rows);
    states.push(session.state.slice());
    readouts.push(await readout.read(step, session.state, logits));
    bytes += ids.length * (model.carriedWidth + 2 * top + 3) * Float32Array.BYTES_PER_ELEMENT;
    if (bytes > MAX_BYTES)
      throw new Refusal(`too much to keep: ${bytes} bytes of states; at most ${MAX_BYTES}, with fewer steps or tokens`, {kind: "heavy"});
  };
  const endChunk = async (): Promise<void> => {
    if (!chunk) return;
    const {states, klFinal, readout} = chunk;
    for await (const divergence of readout.klFinal((step) => Promise.resolve(states[step]))) klFinal.push(divergence);
    records.length = chunk.from;
    records.push(...positionsOf(chunk, model.carriedWidth));
    chunk = undefined;
  };

  return {
    get length() {
      return session.length;
    },
    get steps() {
      return session.steps;
    },
    get state() {
      return session.state;
    },
    get input() {
      return session.input;
    },
    get gate() {
      return session.gate;
    },
    get coreSteps() {
      return session.coreSteps;
    },
    get taken() {
      return session.taken;
    },
    get bytes() {
      return session.bytes;
    },
    async extend(ids, start) {
      await endChunk();
      const from = session.length;
      await session.extend(ids, start);
      chunk = {
        from,
        ids,
        input: session.input,
        states: [],
        readouts: [],
        klFinal: [],
        readout: readoutOf(engine, {ids, inits: 1, states: steps + 1, top, budgetBytes: MAX_BYTES})
      };
      await see(chunk, 0);
    },
    async step() {
      const state = await session.step();
      await see(chunk!, session.steps);
      return state;
    },
    read: () => Promise.resolve(rows),
    head: (rows) => session.head(rows),
    truncate(length) {
      if (chunk && length <= chunk.from) chunk = undefined;
      session.truncate(length);
      records.length = Math.min(records.length, length);
    },
    async finish() {
      await endChunk();
      records.length = Math.min(records.length, session.length);
      return records;
    }
  };
}

function positionsOf({ids, input, states, readouts, klFinal}: Chunk, width: number): PositionRecord[] {
  return ids.map((id, i) => ({
    id,
    input: input.slice((i * input.length) / ids.length, ((i + 1) * input.length) / ids.length),
    states: states.map((rows) => rows.slice(i * width, (i + 1) * width)),
    readouts: readouts.map(({topIds, topLogprobs, entropy, klPrev}, step) => {
      const top = topIds.length / ids.length;
      return {
        topIds: topIds.subarray(i * top, (i + 1) * top),
        topLogprobs: topLogprobs.subarray(i * top, (i + 1) * top),
        entropy: entropy[i],
        klPrev: klPrev[i],
        klFinal: klFinal[step][i]
      };
    })
  }));
}

/** A position's part of the state at a step; past its last one it stays where it left. */
export const stateOf = (model: Parameters<typeof partOf>[0], {states}: PositionRecord, step: number, part?: string): Float32Array =>
  partOf(model, states[Math.min(step, states.length - 1)], part);
