import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {Command, Option} from "commander";
import {capture} from "../../capture/job/capture.ts";
import {captureSpecSchema} from "../../capture/job/captureSpec.ts";
import {computeDtypes, type ComputeDtype} from "../../capture/engine/choices.ts";
import {loadEngine} from "../../capture/engine/loadEngine.ts";
import {initialStates} from "../../capture/loop/initialState.ts";
import {iterate} from "../../capture/loop/iterate.ts";
import {shapes, writeRandomCheckpoint} from "../../fixtures/randomCheckpoint.ts";
import {wholeFrom} from "../support/readNumber.ts";

/**
 * `npm run bench -- size --model DIR [--dtype int8]`: captures 16 tokens × 8 steps with readouts and says what it took, and
 * how far such numbers are from float32 in a smaller model. Make a model of
 * Huginn's size with `npx tsx fixtures/randomCheckpoint.ts --out DIR`. One dtype a process, since peak memory is the process's.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const program = new Command("size")
    .requiredOption("--model <folder>")
    .addOption(new Option("--dtype <dtype>").choices(computeDtypes).default("f32"))
    .option("--tokens <count>", "", (text) => wholeFrom(1, "--tokens", text), 16)
    .option("--steps <count>", "", (text) => wholeFrom(1, "--steps", text), 8)
    .option("--cache <folder>")
    .parse([...args], {from: "user"});
  const {model, dtype, tokens, steps, cache} = program.opts<{
    model: string;
    dtype: ComputeDtype;
    tokens: number;
    steps: number;
    cache?: string;
  }>();
  const folder = await mkdtemp(join(tmpdir(), "orrery-bench-"));
  const begun = performance.now();
  const seconds = () => ((performance.now() - begun) / 1000).toFixed(1);
  const engine = await loadEngine(model, {dtype, cacheFolder: cache, log: (line) => console.log(`${seconds()} s: ${line}`)});
  console.log(`${seconds()} s: ready (${engine.info.name} ${engine.info.version}, ${engine.info.threads} threads)`);
  try {
    const spec = captureSpecSchema.parse({
      model,
      dir: join(folder, "run"),
      token_ids: Array.from({length: tokens}, (_, i) => (37 * i + 11) % engine.model.vocab),
      steps,
      inits: 1,
      dtype
    });
    const {step_ms} = await capture(spec, {
      engine: async () => engine,
      onProgress: ({step}) => console.log(`${seconds()} s: step ${step}, ${(process.memoryUsage.rss() / 1e9).toFixed(2)} GB`)
    });
    const later = step_ms.slice(1); // the first one opens the sessions
    console.log(
      `${dtype}: ${(later.reduce((sum, ms) => sum + ms, 0) / later.length / 1000).toFixed(2)} s a step, peak memory ${(process.resourceUsage().maxRSS / 1e6).toFixed(2)} GB`
    );
    await engine.dispose();
    console.log(
      `${dtype} at width 512 against tfjs in float32: relative error of the state ${(await smallError(join(folder, "small"), {dtype, tokens, steps})).map((error) => error.toExponential(1)).join(", ")} at steps 1 to ${steps}`
    );
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

/** ‖s − s′‖ / ‖s′‖ of every step's states in a model that both can hold. */
async function smallError(
  folder: string,
  {dtype, tokens, steps}: {readonly dtype: ComputeDtype; readonly tokens: number; readonly steps: number}
): Promise<number[]> {
  await writeRandomCheckpoint(folder, {config: shapes.w512, seed: 1, dtype: "bf16"});
  const runs: Float32Array[][] = [];
  for (const options of [{dtype}, {engine: "tfjs"}] as const) {
    const engine = await loadEngine(folder, {...options, cacheFolder: join(folder, "cache")});
    const ids = Array.from({length: tokens}, (_, i) => (37 * i + 11) % engine.model.vocab);
    const states: Float32Array[] = [];
    for await (const {state} of iterate(engine, {ids, initial: initialStates(engine.model, {inits: 1, tokens, seed: 1}), inits: 1, steps}))
      states.push(state);
    runs.push(states);
    await engine.dispose();
  }
  const [states, exact] = runs;
  const norm = (values: Float32Array) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));
  return states.slice(1).map((state, i) => norm(state.map((x, j) => x - exact[i + 1][j])) / norm(exact[i + 1]));
}
