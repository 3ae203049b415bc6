import {randomLogNormal, randomPoisson} from "d3-random";
import {wholeBelow} from "./randomAt.ts";
import type {Recipe} from "./recipe.ts";

/** Recurrent steps of one update: first those without a gradient, then those with one. */
export interface Depth {
  readonly before: number;
  readonly through: number;
}

/**
 * Draws how deep an update goes. `poisson` is the authors' log-normal Poisson: rate e^N(μ, σ) with μ = ln(mean) − σ²/2, then Poisson(rate) + 1
 * steps, the last `through` of them with a gradient; its mean is one more than `mean`. `uniform` draws the steps without a gradient from 0 to
 * `most`, which grows to its own over the first updates, and `through` more follow.
 */
export function drawDepth({depth}: Pick<Recipe, "depth">, update: number, random: () => number): Depth {
  if (depth.kind === "uniform") {
    const most = depth.grow === 0 ? depth.most : Math.floor(depth.most * Math.min(1, update / depth.grow));
    return {before: wholeBelow(random, most + 1), through: depth.through};
  }
  const {mean, sigma, through} = depth;
  const rate = randomLogNormal.source(random)(Math.log(mean) - sigma ** 2 / 2, sigma)();
  const steps = randomPoisson.source(random)(rate)() + 1;
  const with_ = through === "all" ? steps : Math.min(through, steps);
  return {before: steps - with_, through: with_};
}
