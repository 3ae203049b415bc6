import {matrixOf, rowOf, type Matrix} from "../matrix.ts";
import {pathOf, stateAt, statesOf, type States} from "../states.ts";
import {transform, type Pca} from "./pca.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

/** What one run gives to a basis. */
export interface FitSet {
  readonly states: States;
  /** Tokens whose states count; defaults to all. */
  readonly tokens?: readonly number[];
  /** Initial states whose trajectories count; defaults to all. */
  readonly inits?: readonly number[];
}

export interface PathFrameOptions {
  /**
   * Move every trajectory (one token, one init) to its own mean over the steps, so that only motion is left;
   * defaults to false.
   */
  readonly centred?: boolean;
}

/**
 * The rows to fit one basis on: the chosen states of all runs, one after the other. With `centred` each trajectory is
 * centred at its own mean first. A whole uncentred run is a view, everything else a copy.
 * Throws a Refusal for no runs, runs of different widths, and tokens or inits that a run does not have.
 */
export function fitRows(sets: readonly FitSet[], {centred = false}: PathFrameOptions = {}): Matrix {
  if (sets.length === 0) throw new Refusal("invalid runs: 0; expected at least one");
  const {width} = sets[0].states;
  for (const {states} of sets)
    if (states.width !== width) throw new Refusal(`invalid width: ${states.width}; expected ${width}, as in the first run`);
  const [first] = sets;
  if (sets.length === 1 && !first.tokens && !first.inits && !centred) return rowsOf(first.states);

  const paths = sets.flatMap((set) => chosenPaths(set));
  const data = new Float32Array(paths.reduce((sum, {rows}) => sum + rows, 0) * width);
  let at = 0;
  for (const path of paths) {
    data.set((centred ? centredPath(path) : path).data, at);
    at += path.data.length;
  }
  return matrixOf(data.length / width, width, data);
}

/** All states of a run as the rows of a matrix, order `[step][init][token]`. A view. */
export const rowsOf = ({steps, inits, tokens, width, data}: States): Matrix => matrixOf(steps * inits * tokens, width, data);

/**
 * A run drawn in a basis: states whose width is the number of components. With `centred` each trajectory is moved to its own
 * mean in the picture: with six components and a basis fitted on all tokens, the "token rotations" view of Geiping et al. 2025.
 */
export function projectStates(pca: Pca, states: States, {centred = false}: PathFrameOptions = {}): States {
  const {steps, inits, tokens} = states;
  const drawn = statesOf({steps, inits, tokens, width: pca.axes.rows}, transform(pca, rowsOf(states)).data);
  return centred ? centredStates(drawn) : drawn;
}

function chosenPaths({states, tokens, inits}: FitSet): Matrix[] {
  const chosenTokens = tokens ?? [...Array(states.tokens).keys()];
  const chosenInits = inits ?? [...Array(states.inits).keys()];
  if (chosenTokens.length === 0 || chosenInits.length === 0)
    throw new Refusal("invalid fit set: nothing chosen; expected at least one token and one init");
  return chosenTokens.flatMap((token) => chosenInits.map((init) => pathOf(states, token, init)));
}

function centredPath(path: Matrix): Matrix {
  const mean = pathMean(path);
  const data = new Float32Array(path.data.length);
  for (let i = 0, at = 0; i < path.rows; ++i) for (let j = 0; j < path.cols; ++j, ++at) data[at] = path.data[at] - mean[j];
  return matrixOf(path.rows, path.cols, data);
}

function centredStates(states: States): States {
  const {steps, inits, tokens, width} = states;
  const moved = statesOf({steps, inits, tokens, width}, states.data.slice()); // the uncentred picture may be shown beside it
  for (let init = 0; init < inits; ++init) {
    for (let token = 0; token < tokens; ++token) {
      const mean = pathMean(pathOf(states, token, init));
      for (let step = 0; step < steps; ++step) {
        const state = stateAt(moved, step, token, init);
        for (let j = 0; j < width; ++j) state[j] -= mean[j];
      }
    }
  }
  return moved;
}

function pathMean(path: Matrix): Float64Array {
  const mean = new Float64Array(path.cols);
  for (let i = 0; i < path.rows; ++i) {
    const row = rowOf(path, i);
    for (let j = 0; j < row.length; ++j) mean[j] += row[j] / path.rows;
  }
  return mean;
}
