import type {Checkpoint} from "../model/checkpoint.ts";
import type {Model} from "../model/family.ts";
import {noTaps, type Taps} from "../model/site.ts";
import {checkIds} from "../model/tokenizer.ts";
import type {Placement} from "./attention.ts";
import type {ComputeDtype, EngineKind} from "./choices.ts";
import type {Batch, Engine, EngineInfo, StepsOptions} from "./engine.ts";
import {BEGIN, HEAD, lensStage, STEP, STEP_JVP} from "./stages.ts";
import {Refusal} from "../trace/refusal.ts";

/** What an interpreter offers to the engine: one stage of the model, computed over a batch. */
export interface Runner {
  readonly info: EngineInfo;
  /** The stage's outputs, rows of float32, for its inputs in order; ids are whole numbers in a Float32Array's place. Keys and values go to the placement's cache. */
  run(stage: string, inputs: readonly (Float32Array | readonly number[])[], options: RunOptions): Promise<Float32Array[]>;
  /** Several steps in one go; see Engine.several. */
  readonly several?: {
    readonly keyWidth: number;
    steps(inputs: readonly Float32Array[], options: StepsOptions): Promise<Float32Array>;
  };
  dispose(): Promise<void>;
}

export interface RunOptions extends Batch, Placement {
  readonly step: number;
  readonly taps: Taps;
}

interface EngineParts {
  readonly kind: EngineKind;
  readonly compute: ComputeDtype;
  readonly checkpoint: Pick<Checkpoint, "model" | "read" | "close">;
}

/** The engine that a runner makes, with its arguments checked. */
export function engineOver(runner: Runner, {kind, compute, checkpoint}: EngineParts): Engine {
  const {model} = checkpoint;
  const {width, carriedWidth, inputWidth, lenses} = model;
  const check = (name: string, rows: Float32Array, {inits, tokens}: Batch) => checkedRows(name, rows, {inits, tokens, width: carriedWidth});
  const injected = (input: Float32Array, {inits, tokens}: Batch): Float32Array[] =>
    inputWidth === 0 && input.length === 0
      ? []
      : [checkedRows("input", repeated(input, inits, tokens * inputWidth), {inits, tokens, width: inputWidth})];
  return {
    kind,
    compute,
    model,
    weight: (name) => checkpoint.read(name),
    info: runner.info,
    async begin(ids, {taps = noTaps, ...placement} = {}) {
      checkIds(ids, model);
      const batch = checkedPlacement(model, {inits: 1, tokens: ids.length, ...placement});
      const outputs = await runner.run(BEGIN, [ids], {...batch, step: 0, taps});
      const input = inputWidth > 0 ? outputs[0] : new Float32Array(0);
      return {input, start: await ownStart(checkpoint, ids.length, outputs[inputWidth > 0 ? 1 : 0])};
    },
    async step(state, input, {inits, tokens, step = 0, taps = noTaps, ...placement}) {
      const batch = checkedPlacement(model, {inits, tokens, ...placement});
      const [next] = await runner.run(STEP, [check("state", state, batch), ...injected(input, batch)], {...batch, step, taps});
      return next;
    },
    several: runner.several && {
      keyWidth: runner.several.keyWidth,
      async steps(state, input, options) {
        const {tokens, positions, prefix} = options;
        const batch = checkedPlacement(model, {inits: 1, tokens, positions, prefix});
        return runner.several!.steps([check("state", state, batch), ...injected(input, batch)], options);
      }
    },
    async decode(state, {inits, tokens, step = 0, taps = noTaps, lens = lenses[0], ...placement}) {
      if (!lenses.includes(lens)) throw new Refusal(`unknown lens: ${lens}; one of ${lenses.join(", ")}`);
      const batch = checkedPlacement(model, {inits, tokens, ...placement});
      const [rows] = await runner.run(lensStage(lens), [check("state", state, batch)], {...batch, step, taps});
      return rows;
    },
    async head(rows) {
      if (rows.length === 0 || rows.length % width)
        throw new Refusal(`invalid rows: ${rows.length} numbers; expected a multiple of ${width}`);
      const [logits] = await runner.run(HEAD, [rows], {inits: 1, tokens: rows.length / width, step: 0, taps: noTaps});
      return logits;
    },
    async jvp(state, input, tangent, {inits, tokens, prefix}) {
      const batch = checkedPlacement(model, {inits, tokens, prefix});
      const inputs = [check("state", state, batch), ...injected(input, batch), check("tangent", tangent, batch)];
      const [next, along] = await runner.run(STEP_JVP, inputs, {...batch, step: 0, taps: noTaps});
      return {next, tangent: along};
    },
    async dispose() {
      await runner.dispose();
      await checkpoint.close();
    }
  };
}

/** The model's own start of every position: what the tokens made, what is stored, zeros where it is drawn. */
async function ownStart(
  {model, read}: Pick<Checkpoint, "model" | "read">,
  tokens: number,
  made: Float32Array | undefined
): Promise<Float32Array> {
  const {parts, carriedWidth} = model;
  if (parts.length === 1 && made) return made;
  const start = new Float32Array(tokens * carriedWidth);
  let offset = 0;
  for (const {width, start: from} of parts) {
    const stored = from.from === "weight" ? await read(from.weight) : undefined;
    for (let token = 0; token < tokens; ++token) {
      const row = stored ?? (from.from === "input" ? made!.subarray(token * width, (token + 1) * width) : undefined);
      if (row) start.set(row, token * carriedWidth + offset);
    }
    offset += width;
  }
  return start;
}

function checkedRows(name: string, rows: Float32Array, {inits, tokens, width}: Batch & {readonly width: number}): Float32Array {
  if (rows.length !== inits * tokens * width)
    throw new Refusal(`invalid ${name}: ${rows.length} numbers; expected ${inits} × ${tokens} × ${width}`);
  return rows;
}

function checkedPlacement<P extends Batch & Placement>({maxTokens}: Model, placement: P): P {
  const {tokens, positions, prefix = 0, cache} = placement;
  if (!(tokens >= 1 && tokens <= maxTokens)) throw new Refusal(`invalid tokens: ${tokens}; expected 1 to ${maxTokens}`);
  if (positions && positions.length !== tokens) throw new Refusal(`invalid positions: ${positions.length} of them; expected ${tokens}`);
  for (const position of positions ?? (cache ? [cache.length + tokens - 1] : []))
    if (!(Number.isInteger(position) && position >= 0 && position < maxTokens))
      throw new Refusal(`invalid position: ${position}; expected 0 to ${maxTokens - 1}`);
  if (!(Number.isInteger(prefix) && prefix >= 0 && prefix <= tokens))
    throw new Refusal(`invalid prefix: ${prefix}; expected 0 to ${tokens}`);
  return placement;
}

/** One input for all inits, repeated for each of them; one that is there for each already is left as it is. */
function repeated(input: Float32Array, inits: number, size: number): Float32Array {
  if (inits === 1 || input.length !== size) return input;
  const tiled = new Float32Array(inits * input.length);
  for (let i = 0; i < inits; ++i) tiled.set(input, i * input.length);
  return tiled;
}
