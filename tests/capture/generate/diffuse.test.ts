import {readFileSync} from "node:fs";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {Engine} from "../../../capture/engine/engine.ts";
import {loadEngine} from "../../../capture/engine/loadEngine.ts";
import {diffuse, type DiffuseOptions, type FrozenToken, type WaveRow} from "../../../capture/generate/diffuse.ts";
import {diffuseDemandSchema, type DiffuseDemand} from "../../../capture/generate/diffuseDemand.ts";
import {GREEDY} from "../../../capture/generate/sampler.ts";
import {openSession} from "../../../capture/generate/session.ts";
import {shippedGolden} from "../../support/golden.ts";

interface Case {
  readonly options: Partial<DiffuseDemand> & {readonly continuous_compute?: boolean; readonly cache_lookup_strategy?: string};
  readonly sequence: readonly number[];
  readonly iterations: readonly {readonly at: number; readonly ids: readonly number[]; readonly frozen: number}[];
  readonly steps: readonly number[];
}

const folder = join(shippedGolden, "a_d32_h4_p2c4k2");
const golden = JSON.parse(readFileSync(join(folder, "gen_diffusion.json"), "utf8")) as {prompt: number[]; new: number; cases: Case[]};
const MOST = 40; // iterations, as the golden's script has them

describe("diffusion-style decoding against the authors' code", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await loadEngine(folder);
  });
  afterAll(() => engine?.dispose());

  it.each(golden.cases)(
    "$options: every iteration's window, tokens and frozen ones, and the steps of each position",
    async ({options, sequence, iterations, steps}) => {
      const {continuous_compute: carries = false, cache_lookup_strategy: strategy = "latest-m4-compress-s4", ...demand} = options;
      const zeros = (count: number) => new Float32Array(count * engine.model.carriedWidth);
      let guessed = 0;
      const wave: DiffuseOptions = {
        demand: diffuseDemandSchema.parse({...demand, max_diffusion_steps: MOST}),
        steps: 32,
        maxNew: golden.new,
        sampler: GREEDY,
        random: () => 0,
        guess: () => (37 * guessed++ + 11) % 96,
        starts: (_, count) => zeros(count),
        noise: (_iteration, _from, count) => zeros(count),
        carries
      };
      const rows: WaveRow[] = [];
      const made: FrozenToken[] = [];
      for await (const {row, tokens} of diffuse(openSession(engine, {strategy}), golden.prompt, engine.model, wave)) {
        rows.push(row);
        made.push(...tokens);
      }
      // The last row is the window that no iteration begins with.
      expect(rows.slice(0, -1).map(({at, ids, frozen}) => ({at, ids, frozen}))).toEqual(iterations);
      expect([...golden.prompt, ...made.map(({id}) => id)]).toEqual(sequence);
      // A token's steps are those of the position before it; the reference counts the prompt's for the first new position, too.
      const counted = steps.slice(golden.prompt.length - 1, -1).map((count, i) => (i === 1 ? count - 32 : count));
      expect(made.map((token) => token.steps)).toEqual(counted);
    }
  );
});
