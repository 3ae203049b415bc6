import type {Points} from "../../../app/plot/field.ts";

export interface Size {
  readonly steps: number;
  readonly inits: number;
  readonly tokens: number;
}

/** Seeded spirals that settle, one for each token and init: what trajectories look like in two components. */
export function walks({steps, inits, tokens}: Size): Points {
  let seed = 7;
  const random = (): number => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const values = new Float32Array(2 * steps * inits * tokens);
  for (let path = 0; path < inits * tokens; ++path) {
    const [cx, cy, radius, turn, rate] = [4 * random() - 2, 4 * random() - 2, 0.3 + random(), 0.2 + 1.5 * random(), 0.9 + 0.09 * random()];
    for (let step = 0; step < steps; ++step) {
      const at = 2 * (step * inits * tokens + path);
      values[at] = cx + radius * rate ** step * Math.cos(turn * step);
      values[at + 1] = cy + radius * rate ** step * Math.sin(turn * step);
    }
  }
  return {steps, inits, tokens, dims: 2, values};
}
