import type {Batch, Engine, EngineInfo} from "./engine.ts";
import type {ComputeDtype, EngineKind} from "./choices.ts";
import type {Checkpoint} from "../model/checkpoint.ts";
import type {StageName} from "./stages.ts";
import {noTaps, type Taps} from "../families/huginn/sites.ts";
import {checkIds} from "../model/tokenizer.ts";

/** What an interpreter offers to the engine: one stage of the model, computed over a batch. */
export interface Runner {
  readonly info: EngineInfo;
  /** The stage's outputs, rows of float32, for its inputs in order; ids are whole numbers in a Float32Array's place. */
  run(
    stage: StageName,
    inputs: readonly (Float32Array | readonly number[])[],
    options: Batch & {readonly step: number; readonly taps: Taps}
  ): Promise<Float32Array[]>;
  dispose(): Promise<void>;
}

interface EngineParts {
  readonly kind: EngineKind;
  readonly compute: ComputeDtype;
  readonly finalNorm: Float32Array;
  readonly checkpoint: Checkpoint;
}

/** The engine that a runner makes, with its arguments checked. */
export function engineOver(runner: Runner, {kind, compute, finalNorm, checkpoint}: EngineParts): Engine {
  const {config} = checkpoint;
  const {width, blockSize} = config;
  const check = (name: string, rows: Float32Array, {inits, tokens}: Batch) => {
    if (!(tokens >= 1 && tokens <= blockSize)) throw new RangeError(`invalid tokens: ${tokens}; expected 1 to ${blockSize}`);
    if (rows.length !== inits * tokens * width)
      throw new RangeError(`invalid ${name}: ${rows.length} numbers; expected ${inits} × ${tokens} × ${width}`);
    return rows;
  };
  return {
    kind,
    compute,
    config,
    finalNorm,
    weight: (name) => checkpoint.read(name),
    info: runner.info,
    async prelude(ids, {taps = noTaps} = {}) {
      checkIds(ids, config);
      const [input] = await runner.run("prelude", [ids], {inits: 1, tokens: ids.length, step: 0, taps});
      return input;
    },
    async step(state, input, {inits, tokens, step = 0, taps = noTaps}) {
      const batch = {inits, tokens};
      const [next] = await runner.run("core", [check("state", state, batch), check("input", repeated(input, batch, width), batch)], {
        ...batch,
        step,
        taps
      });
      return next;
    },
    async decode(state, {inits, tokens, step = 0, taps = noTaps, lens = "coda"}) {
      const batch = {inits, tokens};
      const [rows] = await runner.run(lens === "coda" ? "coda" : "norm", [check("state", state, batch)], {...batch, step, taps});
      return rows;
    },
    async head(rows) {
      if (rows.length === 0 || rows.length % width)
        throw new RangeError(`invalid rows: ${rows.length} numbers; expected a multiple of ${width}`);
      const [logits] = await runner.run("head", [rows], {inits: 1, tokens: rows.length / width, step: 0, taps: noTaps});
      return logits;
    },
    async jvp(state, input, tangent, batch) {
      const inputs = [check("state", state, batch), check("input", repeated(input, batch, width), batch), check("tangent", tangent, batch)];
      const [next, along] = await runner.run("coreJvp", inputs, {...batch, step: 0, taps: noTaps});
      return {next, tangent: along};
    },
    async dispose() {
      await runner.dispose();
      await checkpoint.close();
    }
  };
}

/** One input for all inits, repeated for each of them; one that is there for each already is left as it is. */
function repeated(input: Float32Array, {inits, tokens}: Batch, width: number): Float32Array {
  if (inits === 1 || input.length !== tokens * width) return input;
  const tiled = new Float32Array(inits * input.length);
  for (let i = 0; i < inits; ++i) tiled.set(input, i * input.length);
  return tiled;
}
