import {existsSync, readdirSync} from "node:fs";
import {join} from "node:path";
import type {Engine} from "../../capture/engine/engine.ts";
import {partOf} from "../../capture/model/parts.ts";
import {initialStates} from "../../capture/loop/initialState.ts";
import {openSafetensors} from "../../capture/trace/safetensors.ts";
import type {SafetensorsFile} from "../../capture/trace/tensorPlaces.ts";
import {maxDifference, recorded, type Errors} from "./golden.ts";
import {joined} from "./inChunks.ts";

const shipped = join(import.meta.dirname, "../../fixtures/golden-models");
const whole = join(import.meta.dirname, "../../../shared/golden-models");

/** Where golden folders are: all of them where they are at hand, else those that ship with the project. */
export const goldenRoot = existsSync(whole) ? whole : shipped;
export const goldenFolders = readdirSync(goldenRoot).filter((name) => existsSync(join(goldenRoot, name, "config.json")));
export const filesOf = (folder: string, start: string): string[] =>
  readdirSync(join(goldenRoot, folder)).filter((name) => name.startsWith(start) && name.endsWith(".safetensors"));

/** Runs with an open file of a golden folder. */
export async function withGolden<T>(folder: string, name: string, use: (file: SafetensorsFile) => Promise<T>): Promise<T> {
  const file = await openSafetensors(join(goldenRoot, folder, name));
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

export const idsIn = async (file: SafetensorsFile, name = "input_ids"): Promise<number[]> => Array.from(await file.readFloats(name));

/** Tokens of the two-way block that a file has. */
export async function prefixIn(file: SafetensorsFile): Promise<number> {
  return file.tensors.has("token_type_ids") ? (await file.readFloats("token_type_ids")).reduce((sum, type) => sum + type, 0) : 0;
}

/** What a family's golden files call a state, and the sites beside it that they hold, one row for each step from 1 on. */
const statesName = (file: SafetensorsFile): string => (file.tensors.has("states") ? "states" : "z_H");

/** Runs what a `fwd_*` file holds, its sequences as one batch, and compares everything in it. */
export const forwardErrors = (engine: Engine, folder: string, name: string): Promise<Errors> =>
  withGolden(folder, name, async (file) => {
    const {model} = engine;
    const [inits, tokens] = file.tensors.get("input_ids")!.shape;
    const ids = await idsIn(file);
    const prefix = await prefixIn(file);
    const batch = {inits, tokens, prefix};
    const errors: Errors = {};
    const compare = async (what: string, tensor: string, actual: Float32Array, row = 0) => {
      if (!file.tensors.has(tensor)) return;
      errors[what] = Math.max(errors[what] ?? 0, maxDifference(actual, await file.readFloats(tensor, row * actual.length, actual.length)));
    };
    const sequences = Array.from({length: inits}, (_, i) => ids.slice(i * tokens, (i + 1) * tokens));
    const begun = await Promise.all(sequences.map((one) => recorded(["embed"], (taps) => engine.begin(one, {taps, prefix}))));
    await compare("e", "e", joined(begun.map(({result, sites}) => (model.inputWidth > 0 ? result.input : sites.get("embed")!))));
    const input = joined(begun.map(({result}) => result.input));
    const states = statesName(file);
    const rows = file.tensors.get(states)!.shape[0];
    const isDrawn = model.parts[0].start.from === "noise";
    let state = isDrawn
      ? await file.readFloats(states, 0, inits * tokens * model.carriedWidth)
      : joined(begun.map(({result}) => result.start));
    const inStep = model.sites
      .map((site) => site.name)
      .filter((site) => ["pre_norm", "gate"].includes(site) || /^low\.\d+\.out$/.test(site));
    const lows = inStep.filter((site) => site.startsWith("low."));
    for (let step = 0; step < rows; ++step) {
      if (step > 0) {
        const {result, sites} = await recorded(inStep, (taps) => engine.step(state, input, {...batch, step, taps}));
        state = result;
        if (sites.has("pre_norm")) await compare("pre_norm", "pre_norm", sites.get("pre_norm")!, step - 1);
        if (sites.has("gate"))
          await compare(
            "gate logits",
            "gate_logits",
            sites.get("gate")!.map((p) => Math.log(p / (1 - p))),
            step - 1
          );
        for (const [i, low] of lows.entries()) await compare("z_L", "z_L", sites.get(low)!, (step - 1) * lows.length + i);
      }
      await compare("states", states, partOf(model, state), step);
      const decoded = await engine.decode(state, {...batch, step});
      await compare("logits", "logits", await engine.head(decoded), step);
      if (step === rows - 1) await compare("head input", "head_hidden", decoded);
    }
    return errors;
  });

/** Golden names of what modules give, and our sites. */
const siteOfModule: Readonly<Record<string, string>> = {
  attn: "attn_out",
  self_attn: "attn_out",
  mlp: "mlp_out",
  out: "out",
  norm_1: "norm_1",
  norm_2: "norm_2",
  input_layernorm: "norm_1",
  input_layernorm_2: "norm_2",
  post_attention_layernorm: "norm_3",
  post_attention_layernorm_2: "norm_4"
};

/** The site that a tensor of block_internals holds, and the phase of the pass that makes it; undefined for what is no site here. */
function siteOfInternal(name: string, family: string): string | undefined {
  if (name === "adapter") return "core.in";
  if (name === "ln_f") return "head.in";
  const [, stack, index, module] = /^(\w+)\.(\d+)\.(\w+)$/.exec(name) ?? [];
  const norm = family === "hrm-text" && module === "post_attention_layernorm" ? "norm_2" : siteOfModule[module];
  if (norm === undefined) return undefined;
  const blocks = {layers: "core", L: "low.0", H: "high"}[stack] ?? stack;
  return `${blocks}.${index}.${norm}`;
}

/** Compares the inside of every block that `block_internals` holds, made in the step that its family's file was. */
export const internalErrors = (engine: Engine, folder: string): Promise<Errors> =>
  withGolden(folder, "block_internals.safetensors", async (file) => {
    const {model} = engine;
    const [forward] = filesOf(folder, "fwd_len1").filter((name) => !name.includes("prefix"));
    const at = model.family === "retrofit" ? 3 : 2;
    const {ids, first} = await withGolden(folder, forward, async (fwd) => {
      const tokens = fwd.tensors.get("input_ids")!.shape[1];
      return {ids: await idsIn(fwd), first: await fwd.readFloats(statesName(fwd), 0, tokens * model.width)};
    });
    const batch = {inits: 1, tokens: ids.length};
    const wanted = [...file.tensors.keys()].map((name) => [name, siteOfInternal(name, model.family)] as const).filter(([, site]) => site);
    const names = wanted.map(([, site]) => site!);
    const begun = await recorded(names, (taps) => engine.begin(ids, {taps}));
    let state = model.parts[0].start.from === "noise" ? first : begun.result.start;
    let sites = new Map(begun.sites);
    for (let step = 1; step <= at; ++step) {
      const made = await recorded(step === at ? names : [], (taps) => engine.step(state, begun.result.input, {...batch, step, taps}));
      state = made.result;
      sites = new Map([...sites, ...made.sites]);
    }
    const read = await recorded(names, (taps) => engine.decode(state, {...batch, step: at, taps}));
    sites = new Map([...sites, ...read.sites]);
    const errors: Errors = {};
    for (const [name, site] of wanted) errors[name] = maxDifference(sites.get(site!) ?? new Float32Array(0), await file.readFloats(name));
    return errors;
  });

/** Compares the dense Jacobian, one basis vector a row of the batch, and the next state. */
export const jacobianErrors = (engine: Engine, folder: string): Promise<Errors> =>
  withGolden(folder, "jacobian.safetensors", async (file) => {
    const state = await file.readFloats("state");
    const size = state.length;
    const tokens = size / engine.model.carriedWidth;
    const {input} = await engine.begin(await idsIn(file));
    const repeated = (values: Float32Array) => Float32Array.from({length: size * values.length}, (_, i) => values[i % values.length]);
    const basis = Float32Array.from({length: size * size}, (_, i) => (Math.floor(i / size) === i % size ? 1 : 0));
    const {next, tangent} = await engine.jvp(repeated(state), repeated(input), basis, {inits: size, tokens});
    const golden = await file.readFloats("jacobian"); // row = output
    const turned = Float32Array.from({length: size * size}, (_, i) => tangent[(i % size) * size + Math.floor(i / size)]);
    return {
      "next state": maxDifference(next.slice(0, size), await file.readFloats("next_state")),
      jacobian: maxDifference(turned, golden)
    };
  });

export const ownStart = (engine: Engine, tokens: number): Float32Array => initialStates(engine.model, {inits: 1, tokens, seed: 0});
