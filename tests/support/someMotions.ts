import type {Random} from "../../analysis/random.ts";
import {between} from "./gaussian.ts";
import type {HardShape, Truth} from "./hardPositive.ts";
import {contractionPath, orbitPath, type Made} from "./trajectories.ts";

/** Plain motions of figures of their own, for kinds that add something to them. */

const LOUD = 20; // × the noise: a person sees it at once

/** A period between 2.5 steps and a sixth of the path, its angle a step, and a phase. */
export const turning = (random: Random, steps: number): {period: number; omega: number; phase: number} => {
  const period = between(random, 2.5, steps / 6);
  return {period, omega: (2 * Math.PI) / period, phase: between(random, 0, 2 * Math.PI)};
};

const plain = (shape: HardShape, amplitude = LOUD) => ({...shape, amplitude, onSphere: false});

/** An orbit of a period between 2.5 steps and a sixth of the path, `LOUD` times the noise. */
export const someOrbit = (shape: HardShape): Made<Truth> => orbitPath(plain(shape), {period: between(shape.random, 2.5, shape.steps / 6)});

/** A contraction at a rate between 0.5 and 0.85, a hundred times the noise. */
export const someContraction = (shape: HardShape): Made<Truth> =>
  contractionPath(plain(shape, 100), {rate: between(shape.random, 0.5, 0.85)});
