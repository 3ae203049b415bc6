import type {Engine} from "../engine/engine.ts";
import {jacobianSpectra} from "../spectrum/spectrum.ts";
import {randomAt, seedAt} from "./randomAt.ts";
import type {Recipe} from "./recipe.ts";
import {startOf} from "./startOf.ts";
import {NOTHING, type Drawn, type Task} from "./tasks/task.ts";
import type {Measured} from "./logLine.ts";

const MEASURED_ROWS = 16; // of 24 tokens: a share of right answers is then good to some two hundredths
const MAX_BASIS = 40; // applications of the Jacobian: enough for the first digits of the leading eigenvalue

export interface MeasureOptions {
  readonly recipe: Recipe;
  readonly task: Task;
  /** How alike the states [tokens, width] of one row are. */
  readonly correlationOf: (states: Float32Array, shape: {readonly tokens: number; readonly width: number}) => number;
}

/** Runs rows of their own, the same at every update of a run, to the deepest depth. */
export async function measure(engine: Engine, {recipe, task, correlationOf}: MeasureOptions): Promise<Measured> {
  const {tokens, seed, depths, families} = recipe;
  const {carriedWidth: width, inputWidth} = engine.model;
  const rows = MEASURED_ROWS;
  const start = startOf(recipe, engine.model, {rows, seed: seedAt(seed, "measured start")});
  const drawn = task.draw(randomAt(seed, "measured rows"), {rows, tokens, start, families, keptBack: true});
  const input = new Float32Array(rows * tokens * inputWidth);
  let state = start.slice();
  for (let row = 0; row < rows; ++row) {
    const begun = await engine.begin(Array.from(drawn.ids.subarray(row * tokens, (row + 1) * tokens)));
    input.set(begun.input, row * tokens * inputWidth);
    if (engine.model.parts.every(({start: {from}}) => from === "input")) state.set(begun.start, row * tokens * width);
  }
  const deepest = Math.max(...depths);
  const tallies = new Map<number, Tally>();
  for (let step = 1; step <= deepest; ++step) {
    state = new Float32Array(await engine.step(state, input, {inits: rows, tokens, step}));
    if (!depths.includes(step)) continue;
    const logits = await engine.head(await engine.decode(state, {inits: rows, tokens, step}));
    tallies.set(step, tallyOf(logits, drawn, {step, kinds: task.kinds.length, vocab: engine.model.vocab}));
  }
  const row = (i: number) => state.subarray(i * tokens * width, (i + 1) * tokens * width);
  const alike = Array.from({length: rows}, (_, i) => correlationOf(row(i), {tokens, width}));
  const isFiniteState = state.every(Number.isFinite);
  return {
    accuracy: shares(tallies, ({right, asked}) => sum(right) / sum(asked)),
    by_kind: Object.fromEntries(task.kinds.map((kind, k) => [kind, shares(tallies, ({right, asked}) => right[k] / asked[k])])),
    correlation: finite(sum(alike) / rows),
    state_norm: finite(Math.sqrt(state.reduce((total, x) => total + x * x, 0) / state.length)),
    eigenvalue: isFiniteState ? await leadingModulus(engine, row(0), {input: input.subarray(0, tokens * inputWidth), seed}) : null
  };
}

async function leadingModulus(
  engine: Engine,
  state: Float32Array,
  {input, seed}: {readonly input: Float32Array; readonly seed: number}
): Promise<number | null> {
  const {sequence} = await jacobianSpectra(engine, state, {inits: 1, input, seed, tokens: [], count: 1, maxBasis: MAX_BASIS});
  return finite(Math.hypot(...sequence[0].eigenvalues[0]));
}

interface Tally {
  readonly right: readonly number[];
  readonly asked: readonly number[];
}

function tallyOf(
  logits: Float32Array,
  drawn: Drawn,
  {step, kinds, vocab}: {readonly step: number; readonly kinds: number; readonly vocab: number}
): Tally {
  const right = new Array<number>(kinds).fill(0);
  const asked = new Array<number>(kinds).fill(0);
  (drawn.truth ?? drawn.answers)(step).forEach((answer, i) => {
    if (answer === NOTHING) return;
    asked[drawn.kinds[i]] += 1;
    if (largestOf(logits.subarray(i * vocab, (i + 1) * vocab)) === answer) right[drawn.kinds[i]] += 1;
  });
  return {right, asked};
}

function largestOf(row: Float32Array): number {
  let best = 0;
  for (let i = 1; i < row.length; ++i) if (row[i] > row[best]) best = i;
  return best;
}

const shares = (tallies: ReadonlyMap<number, Tally>, of: (tally: Tally) => number): Record<string, number | null> =>
  Object.fromEntries([...tallies].map(([depth, tally]) => [String(depth), finite(of(tally))]));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const finite = (value: number): number | null => (Number.isFinite(value) ? Number(value.toPrecision(5)) : null);
