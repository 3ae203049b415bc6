import type {Engine} from "../engine/engine.ts";
import type {Operator} from "./arnoldi.ts";

/** Where the core step is differentiated: one sequence's state and input, both [tokens, width]. */
interface Place {
  readonly state: Float32Array;
  readonly input: Float32Array;
}

interface Request {
  readonly place: Place;
  readonly tangent: Float32Array;
  readonly resolve: (along: Float32Array) => void;
  readonly reject: (error: unknown) => void;
}

const MAX_BATCH_NUMBERS = 1 << 22; // tangents in one call: 16 MB of them

/**
 * The core step's derivative along tangents, at any places of one sequence length. Requests that wait at the same time
 * are answered by one batch, which is how many small problems run at the speed of a large one.
 */
export function derivativeOf(
  engine: Engine,
  {tokens, prefix}: {readonly tokens: number; readonly prefix?: number}
): (place: Place, tangent: Float32Array) => Promise<Float32Array> {
  const size = tokens * engine.model.carriedWidth;
  const atOnce = Math.max(1, Math.floor(MAX_BATCH_NUMBERS / size));
  let waiting: Request[] = [];
  let busy = false;

  const flush = async () => {
    busy = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, atOnce);
      waiting = waiting.slice(atOnce);
      const joined = (part: (request: Request) => Float32Array) => {
        const length = part(batch[0]).length;
        const all = new Float32Array(batch.length * length);
        batch.forEach((request, i) => all.set(part(request), i * length));
        return all;
      };
      try {
        const {tangent} = await engine.jvp(
          joined(({place}) => place.state),
          joined(({place}) => place.input),
          joined((request) => request.tangent),
          {inits: batch.length, tokens, prefix}
        );
        batch.forEach(({resolve}, i) => resolve(tangent.subarray(i * size, (i + 1) * size)));
      } catch (error) {
        for (const {reject} of batch) reject(error);
      }
      await new Promise(setImmediate); // those who got their answer ask for the next one first
    }
    busy = false;
  };

  return (place, tangent) =>
    new Promise((resolve, reject) => {
      waiting.push({place, tangent, resolve, reject});
      if (!busy) {
        busy = true;
        setImmediate(() => void flush());
      }
    });
}

/** The Jacobian of one token's next state by its own state, the other tokens held: an operator on [width] numbers. */
export function tokenBlock(
  derivative: ReturnType<typeof derivativeOf>,
  place: Place,
  {token, width}: {readonly token: number; readonly width: number}
): Operator {
  return async (vector) => {
    const tangent = new Float32Array(place.state.length);
    tangent.set(vector, token * width);
    return Float64Array.from((await derivative(place, tangent)).subarray(token * width, (token + 1) * width));
  };
}

/** The Jacobian of the whole sequence's next state: an operator on [tokens · width] numbers. */
export function wholeJacobian(derivative: ReturnType<typeof derivativeOf>, place: Place): Operator {
  return async (vector) => Float64Array.from(await derivative(place, Float32Array.from(vector)));
}
