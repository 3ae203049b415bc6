import {statesOf, type States} from "../states.ts";

/** The last steps of a run, kept while it goes by. */
interface TailRecorder {
  /** Takes the states of the next step, `[start][token][width]`, and copies them. */
  push(states: Float32Array): void;
  /** The steps kept, oldest first; throws before the first step. */
  tail(): States;
}

interface TailOptions {
  readonly starts: number;
  readonly tokens: number;
  readonly width: number;
  /** Steps to keep. */
  readonly length: number;
}

const LONGEST_TAIL = 64;

/** Steps that a tail needs: half of the run, since attractors are compared where transients are over; 2 to 64, the initial state never among them where there are 2 others. */
export const tailLengthOf = (steps: number): number => Math.min(LONGEST_TAIL, Math.max(Math.min(steps, 4), Math.ceil(steps / 2)));

export function recordTail({starts, tokens, width, length}: TailOptions): TailRecorder {
  const slab = starts * tokens * width;
  const kept: Float32Array[] = [];
  return {
    push(states) {
      if (states.length !== slab)
        throw new RangeError(`invalid states: ${states.length} numbers; expected ${starts} × ${tokens} × ${width}`);
      const row = kept.length < length ? new Float32Array(slab) : kept.shift()!;
      row.set(states);
      kept.push(row);
    },
    tail() {
      const data = new Float32Array(kept.length * slab);
      kept.forEach((row, i) => data.set(row, i * slab));
      return statesOf({steps: kept.length, inits: starts, tokens, width}, data);
    }
  };
}

/** The same states with all tokens of a step taken as one vector: the recurrence's whole state. A view. */
export const sequenceOf = ({steps, inits, tokens, width, data}: States): States =>
  statesOf({steps, inits, tokens: 1, width: tokens * width}, data);
