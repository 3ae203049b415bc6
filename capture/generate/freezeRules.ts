import type {freezeStrategies} from "../bounds.ts";

/** A wavefront after an iteration: its window has grown by the next headway, and nothing is frozen of it yet. */
interface WaveMoment {
  /** Iterations before this one. */
  readonly iteration: number;
  /** The window's first position. */
  readonly at: number;
  /** Tokens that are frozen so far, the prompt's included. */
  readonly frozen: number;
  /** The window's states [positions, width], the new positions' starts at its end. */
  readonly states: Float32Array;
  readonly width: number;
  /** Steps that the window's positions have taken. */
  readonly taken: readonly number[];
  /** For every position that was read: iterations in which its token stayed what it was. */
  readonly stable: readonly number[];
}

interface Frozen {
  /** Tokens that are frozen now; undefined where the rule says nothing. */
  readonly count: number | undefined;
  /** The rule's value by the window's positions; empty for rules that have none. */
  readonly values: readonly number[];
}

/** Sees one iteration after another; `keep` tells it the window that goes on from there. */
interface FreezeRule {
  see(moment: WaveMoment): Frozen;
  keep(states: Float32Array, at: number): void;
}

interface FreezeOptions {
  readonly strategy: (typeof freezeStrategies)[number];
  /** Threshold of the latent rules. */
  readonly exitT: number;
  /** Steps that plain decoding would take. */
  readonly steps: number;
  readonly innerRecurrence: number;
  readonly headway: number;
  /** The longest window; Infinity where it is not bounded. */
  readonly maxWavefront: number;
}

/**
 * When positions of a wavefront freeze, as in `generate_diffusion_style` (seal-rg/recurrent-pretraining at 59e0b69). What passes freezes
 * all that lies before it, too. As there, a window that moved is compared with the one before it as if that began where it began an
 * iteration earlier, so that an iteration without a new frozen token mostly follows one that had some.
 */
export function freezeRule(start: Float32Array, options: FreezeOptions): FreezeRule {
  if (options.maxWavefront === 1) return counted(options); // no neighbour whose change could freeze the one position
  switch (options.strategy) {
    case "latent-diff":
      return latent(start, options, ({rows, now, before}) =>
        upTo(Math.min(rows, before.rows), (i) => distance(now, i, before.row(i), undefined) / norm(now(i)))
      );
    case "latent-acceleration-1":
      return accelerationOfDeltas(start, options);
    case "latent-acceleration-2":
      return latent(start, options, ({rows, now, before, twice}) =>
        upTo(Math.min(rows, before.rows, twice.rows), (i) => distance(now, i, before.row(i), twice.row(i)) / (norm(now(i)) + 1e-6))
      );
    case "token-stability":
      return {
        see({stable}) {
          const last = stable.findLastIndex((count) => count > Math.floor(options.steps / options.innerRecurrence));
          return {count: last < 0 ? undefined : last + 1, values: []};
        },
        keep() {}
      };
    case "fixed":
      return fixed(options);
  }
}

/**
 * `headway` tokens an iteration, once the first position has had `steps` and two rounds more. Where the window is too short for that, the
 * reference loses its place; there a token is frozen once the position before it has taken `steps` steps.
 */
function fixed(options: FreezeOptions): FreezeRule {
  const {steps, innerRecurrence, headway, maxWavefront} = options;
  const rounds = Math.floor(steps / innerRecurrence);
  if (maxWavefront < 1 + headway * (rounds + 2)) return counted(options);
  return {
    see: ({iteration, frozen}) => ({count: iteration > rounds ? frozen + headway : undefined, values: []}),
    keep() {}
  };
}

function counted({steps, headway}: FreezeOptions): FreezeRule {
  return {
    see({frozen, taken}) {
      const ready = taken.findIndex((count) => count < steps);
      const count = Math.min(headway, ready < 0 ? taken.length : ready);
      return {count: count > 0 ? frozen + count : undefined, values: []};
    },
    keep() {}
  };
}

/** A window that was kept: rows from the place that corresponds to the present window's first. */
interface Earlier {
  readonly rows: number;
  row(i: number): Float32Array;
}

interface Compared {
  readonly rows: number;
  now(i: number): Float32Array;
  readonly before: Earlier;
  readonly twice: Earlier;
}

interface Kept {
  readonly states: Float32Array;
  readonly at: number;
}

function latent(start: Float32Array, {exitT}: FreezeOptions, valuesOf: (compared: Compared) => number[]): FreezeRule {
  let before: Kept = {states: start, at: 0};
  let twice: Kept = {states: new Float32Array(start.length), at: 0};
  return {
    see({at, states, width}) {
      const now = (i: number) => states.subarray(i * width, (i + 1) * width);
      const values = valuesOf({rows: states.length / width, now, before: earlier(before, at, width), twice: earlier(twice, at, width)});
      return {count: countOf(values, at, exitT), values};
    },
    keep(states, at) {
      [twice, before] = [before, {states, at}];
    }
  };
}

/** The change of the change, place by place in the windows. */
function accelerationOfDeltas(start: Float32Array, options: FreezeOptions): FreezeRule {
  let last: Float32Array[] = [new Float32Array(start.length)];
  return latent(start, options, ({rows, now, before}) => {
    const deltas = upTo(Math.min(rows, before.rows), (i) => now(i).map((x, j) => x - before.row(i)[j]));
    const values = upTo(Math.min(deltas.length, last.length), (i) => {
      let sum = 0;
      for (let j = 0; j < deltas[i].length; ++j) sum += (deltas[i][j] - last[i][j]) ** 2;
      return Math.sqrt(sum) / norm(now(i));
    });
    last = deltas;
    return values;
  });
}

const earlier = ({states, at: from}: Kept, at: number, width: number): Earlier => ({
  rows: Math.max(0, states.length / width - (at - from)),
  row: (i) => states.subarray((at - from + i) * width, (at - from + i + 1) * width)
});

const upTo = <T>(count: number, of: (i: number) => T): T[] => Array.from({length: count}, (_, i) => of(i));

function countOf(values: readonly number[], at: number, exitT: number): number | undefined {
  const last = values.findLastIndex((value) => value < exitT);
  return last < 0 ? undefined : at + last + 1;
}

/** ‖now − before‖, or ‖now − 2 before + twice‖. */
function distance(now: (i: number) => Float32Array, i: number, before: Float32Array, twice: Float32Array | undefined): number {
  let sum = 0;
  now(i).forEach((x, j) => {
    sum += (twice ? x - 2 * before[j] + twice[j] : x - before[j]) ** 2;
  });
  return Math.sqrt(sum);
}

function norm(row: Float32Array): number {
  let sum = 0;
  for (const x of row) sum += x * x;
  return Math.sqrt(sum);
}
