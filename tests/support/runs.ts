import type {Engine} from "../../capture/engine/engine.ts";
import {iterate, type IterateOptions, type Moment} from "../../capture/loop/iterate.ts";

/** All moments of a run. */
export async function momentsOf(engine: Engine, options: IterateOptions): Promise<Moment[]> {
  const moments: Moment[] = [];
  for await (const moment of iterate(engine, options)) moments.push(moment);
  return moments;
}
