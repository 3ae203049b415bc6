import {existsSync} from "node:fs";
import {join} from "node:path";
import type {Engine} from "../../capture/engine/engine.ts";
import {siteNamed, siteNames, type Taps} from "../../capture/model/site.ts";
import {openSafetensors} from "../../capture/trace/safetensors.ts";
import type {SafetensorsFile} from "../../capture/trace/tensorPlaces.ts";
import {joined} from "./inChunks.ts";

/** The two golden models: random weights in Huginn's layout, run by the authors' own code in float32. */
export const goldenModels = ["a_d32_h4_p2c4k2", "b_d48_h3_p1c2k1"] as const;
export const STATE_TOLERANCE = 1e-4;

/** The golden files that ship with the project; the others are read where the whole set is at hand. */
export const shippedGolden = join(import.meta.dirname, "../../fixtures/golden");
export const wholeGolden = join(import.meta.dirname, "../../../shared/golden");
export const hasWholeGolden = existsSync(wholeGolden);

/** Largest absolute error by what was compared. */
export type Errors = Record<string, number>;

const DEEP_STEPS = [1, 2, 3, 4, 16, 64]; // steps whose inside the fwd files hold
const READ_STEPS = [1, 4, 16, 64]; // steps with logits

/** Runs what a `fwd_*` file holds, all its sequences as one batch, and compares everything in it. */
export async function forwardErrors(engine: Engine, path: string): Promise<Errors> {
  const file = await openSafetensors(path);
  try {
    const {model} = engine;
    const blocks = Object.fromEntries(model.stacks.map((stack) => [stack.name, stack.blocks]));
    const listed = (phase: string) => siteNames(model).filter((name) => siteNamed(model, name).phase === phase);
    const errors: Errors = {};
    const [inits, tokens] = file.tensors.get("input_ids")!.shape;
    const ids = Array.from(await file.readFloats("input_ids"));
    const size = inits * tokens * model.width;
    const compare = async (what: string, tensor: string, actual: Float32Array, from = 0) => {
      errors[what] = Math.max(errors[what] ?? 0, maxDifference(actual, await file.readFloats(tensor, from, actual.length)));
    };

    const preludes = await Promise.all(
      Array.from({length: inits}, (_, i) =>
        recorded(listed("before"), async (taps) => (await engine.begin(ids.slice(i * tokens, (i + 1) * tokens), {taps})).input)
      )
    );
    const siteOf = (site: string) => joined(preludes.map(({sites}) => sites.get(site)!));
    await compare("embed", "embed_scaled", siteOf("embed"));
    for (let i = 0; i < blocks.prelude; ++i) await compare("prelude blocks", "prelude_blocks", siteOf(`prelude.${i}.out`), i * size);
    const input = joined(preludes.map(({result}) => result));
    await compare("input", "e", input);

    let state = await file.readFloats("s0");
    for (let step = 0; step <= 64; ++step) {
      if (step > 0) {
        const {result, sites} = await recorded(
          DEEP_STEPS.includes(step) ? [...listed("step").filter((name) => name !== "state"), "core.in"] : [],
          (taps) => engine.step(state, input, {inits, tokens, step, taps})
        );
        state = result;
        const at = DEEP_STEPS.indexOf(step);
        if (at >= 0) await compare("adapter", "adapter_out", sites.get("core.in")!, at * size);
        for (let i = 0; at >= 0 && i < blocks.core; ++i)
          await compare("core blocks", "core_blocks", sites.get(`core.${i}.out`)!, (at * blocks.core + i) * size);
      }
      await compare("states", "states", state, step * size);
      const readsAll = file.tensors.has("lens_logits");
      if (!readsAll && !READ_STEPS.includes(step)) continue;
      const {result: rows, sites} = await recorded(["state_normed"], (taps) => engine.decode(state, {inits, tokens, step, taps}));
      const logits = await engine.head(rows);
      if (readsAll) await compare("lens", "lens_logits", logits, step * logits.length);
      if (!READ_STEPS.includes(step)) continue;
      await compare("logits", `logits_${step}`, logits);
      await compare("head input", `head_in_${step}`, rows);
      await compare("state_normed", `latent_${step}`, sites.get("state_normed")!);
    }
    return errors;
  } finally {
    await file.close();
  }
}

/** Records the inside of prelude block 0 and of core block 0 at step 1, and compares it with `block_internals`. */
export async function internalErrors(engine: Engine, path: string): Promise<Errors> {
  const file = await openSafetensors(path);
  try {
    const errors: Errors = {};
    const [inits, tokens] = file.tensors.get("input_ids")!.shape;
    const ids = Array.from(await file.readFloats("input_ids"));
    const prelude = await recorded(
      internals.map(([site]) => `prelude.0.${site}`).concat("embed"),
      async (taps) => (await engine.begin(ids, {taps})).input
    );
    const core = await recorded(internals.map(([site]) => `core.0.${site}`).concat("core.in"), async (taps) =>
      engine.step(await file.readFloats("s0"), prelude.result, {inits, tokens, step: 1, taps})
    );
    errors["prelude0.in"] = maxDifference(prelude.sites.get("embed")!, await file.readFloats("prelude0.in"));
    errors["core0.in"] = maxDifference(core.sites.get("core.in")!, await file.readFloats("core0.in"));
    for (const [part, {sites}] of [
      ["prelude", prelude],
      ["core", core]
    ] as const) {
      for (const [site, golden] of internals)
        errors[`${part}0.${golden}`] = maxDifference(sites.get(`${part}.0.${site}`)!, await file.readFloats(`${part}0.${golden}`));
      errors[`${part}0.wqkv`] = await projectionError(file, part, sites.get(`${part}.0.qkv`)!, tokens);
    }
    return errors;
  } finally {
    await file.close();
  }
}

/** Our sites inside a block, and what the golden file calls them. */
const internals = [
  ["norm_1", "norm_1"],
  ["qkv", "wqkv"],
  ["q", "q_pre_rope"],
  ["k", "k_pre_rope"],
  ["q_rope", "q_rope"],
  ["k_rope", "k_rope"],
  ["attn_ctx", "attn_ctx"],
  ["attn_out", "attn_out"],
  ["norm_2", "norm_2"],
  ["norm_3", "norm_3"],
  ["mlp_fc", "mlp_fc"],
  ["mlp_out", "mlp_out"],
  ["out", "norm_4"]
] as const;

/** The golden joint projection is without the query-key bias, ours is with it: compare it with q and k in place of their part. */
async function projectionError(file: SafetensorsFile, part: string, qkv: Float32Array, tokens: number): Promise<number> {
  const width = qkv.length / tokens / 3;
  const golden = await file.readFloats(`${part}0.wqkv`);
  for (const [place, name] of ["q_pre_rope", "k_pre_rope"].entries()) {
    const biased = await file.readFloats(`${part}0.${name}`);
    for (let token = 0; token < tokens; ++token)
      golden.set(biased.subarray(token * width, (token + 1) * width), (3 * token + place) * width);
  }
  return maxDifference(qkv, golden);
}

/** Calls with taps that record the sites. */
export async function recorded<T>(
  names: readonly string[],
  call: (taps: Taps) => Promise<T>
): Promise<{readonly result: T; readonly sites: ReadonlyMap<string, Float32Array>}> {
  const sites = new Map<string, Float32Array>();
  const result = await call({records: names, changes: [], tap: (site, _, value) => void sites.set(site, value)});
  return {result, sites};
}

/** max |aᵢ − bᵢ|; infinite where the sizes differ or a number is none, so that a comparison of nothing cannot pass. */
export function maxDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length || a.length === 0) return Infinity;
  let max = 0;
  for (let i = 0; i < a.length; ++i) {
    const difference = Math.abs(a[i] - b[i]);
    if (!(difference <= max)) max = Number.isNaN(difference) ? Infinity : difference;
  }
  return max;
}

export const describeErrors = (errors: Errors): string =>
  Object.entries(errors)
    .map(([what, error]) => `${what} ${error.toExponential(1)}`)
    .join(", ");
