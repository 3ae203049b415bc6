import {mkdtemp, rm, stat} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {Command} from "commander";
import {captureSpecSchema} from "../../capture/job/captureSpec.ts";
import {capture} from "../../capture/job/capture.ts";
import {loadEngine} from "../../capture/engine/loadEngine.ts";
import {initialStates} from "../../capture/loop/initialState.ts";
import {openTrace} from "../../capture/trace/reader.ts";
import {STATES_FILE} from "../../capture/trace/writer.ts";
import {shapes, writeRandomCheckpoint} from "../../fixtures/randomCheckpoint.ts";
import {wholeFrom} from "../support/readNumber.ts";

const SITES = ["state", "core.0.attn_out"];
const GROWTH_GOAL_MB = 200;
const READ_BACK = [
  [0, 1],
  [1, 0],
  [-1, 1]
] as const; // [step, init]; −1 is the last step

/** Huginn's width and heads with a block of each kind and a narrow MLP: 1.6 GB of float32, quick enough for a long run. */
const config = {
  ...shapes.huginn,
  n_layers_in_prelude: 1,
  n_layers_in_recurrent_block: 1,
  n_layers_in_coda: 1,
  intermediate_size: 512,
  vocab_size: 1024
};

/**
 * `npm run bench -- trace [--steps 128] [--tokens 512]`: captures a trace of several GB (by default 5.6) at Huginn's width and says how much the
 * process's memory grows on the way, from before the first state and from after each of the first steps; then reads slices back and compares them.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const program = new Command("trace")
    .option("--steps <count>", "", (text) => wholeFrom(1, "--steps", text), 128)
    .option("--tokens <count>", "", (text) => wholeFrom(1, "--tokens", text), 512)
    .option("--inits <count>", "", (text) => wholeFrom(1, "--inits", text), 2)
    .parse([...args], {from: "user"});
  const {steps, tokens, inits} = program.opts<{steps: number; tokens: number; inits: number}>();
  const folder = await mkdtemp(join(tmpdir(), "orrery-bench-"));
  try {
    const model = join(folder, "model");
    await writeRandomCheckpoint(model, {config, seed: 0, dtype: "bf16"});
    const engine = await loadEngine(model, {cacheFolder: join(folder, "cache")});
    const ids = Array.from({length: tokens}, (_, i) => (37 * i + 11) % engine.model.vocab);
    const dir = join(folder, "run");
    const memory: number[] = []; // at −1 and every step, MB
    const spec = captureSpecSchema.parse({
      model,
      dir,
      token_ids: ids,
      steps,
      inits,
      seed: 1,
      sites: SITES,
      readout: {lens: "logit", top: 5}
    });
    const {step_ms} = await capture(spec, {
      engine: async () => engine,
      onProgress: ({step}) => {
        memory.push(process.memoryUsage.rss() / 1e6);
        if (step < 4 || step % 16 === 0) console.log(`step ${step}: ${memory[memory.length - 1].toFixed(0)} MB`);
      }
    });
    const largest = (from: number) => Math.max(...memory.slice(from + 1));
    const growth = (from: number) => (largest(from) - memory[from + 1]).toFixed(0);
    const {size} = await stat(join(dir, STATES_FILE));
    console.log(
      `${(size / 1e9).toFixed(2)} GB of states, ${(step_ms.reduce((sum, ms) => sum + ms, 0) / steps / 1000).toFixed(2)} s a step`
    );
    console.log(
      `memory grows by at most ${growth(0)} MB after the initial state, ${growth(1)} MB after step 1, ${growth(2)} MB after step 2 (goal ${GROWTH_GOAL_MB})`
    );
    await readBack(dir, {steps, initial: initialStates(engine.model, {inits, tokens, seed: 1}), width: engine.model.width, tokens});
    await engine.dispose();
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

/** Reads single steps of single inits: the initial state must be the one that was drawn, every state of the norm that the last block gives it. */
async function readBack(
  dir: string,
  {steps, initial, width, tokens}: {readonly steps: number; readonly initial: Float32Array; readonly width: number; readonly tokens: number}
): Promise<void> {
  const before = process.memoryUsage.rss();
  const reader = await openTrace(dir);
  const begun = performance.now();
  try {
    for (const [at, init] of READ_BACK) {
      const step = at < 0 ? steps : at;
      const {data} = await reader.readSite("state", {steps: [step, step], inits: [init]});
      const expected = step === 0 ? initial.subarray(init * tokens * width, (init + 1) * tokens * width) : undefined;
      if (data.length !== tokens * width || (expected && data.some((x, i) => x !== expected[i])))
        throw new Error(`unexpected state at step ${step}: expected what was written`);
      const squares = data.reduce((sum, x) => sum + x * x, 0) / data.length;
      if (step > 0 && Math.abs(squares - 1) > 1e-3)
        throw new Error(`unexpected state at step ${step}: mean square ${squares}; expected 1, as norms of weight 1 leave it`);
    }
    console.log(
      `read ${READ_BACK.length} slices of ${((tokens * width * 4) / 1e6).toFixed(0)} MB in ${((performance.now() - begun) / 1000).toFixed(2)} s, as they were written; memory grew by ${((process.memoryUsage.rss() - before) / 1e6).toFixed(0)} MB`
    );
  } finally {
    await reader.close();
  }
}
