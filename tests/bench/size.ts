import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {Command, Option} from "commander";
import {capture} from "../../capture/capture.ts";
import {captureSpecSchema} from "../../capture/captureSpec.ts";
import {computeDtypes, loadEngine, type ComputeDtype} from "../../capture/engine.ts";

/**
 * `npm run bench -- size --model DIR [--dtype int8]`: captures 16 tokens × 8 steps with readouts and says what it took. Make a model of
 * Huginn's size with `npx tsx fixtures/randomCheckpoint.ts --out DIR`. One dtype a process, since peak memory is the process's.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const program = new Command("size")
    .requiredOption("--model <folder>")
    .addOption(new Option("--dtype <dtype>").choices(computeDtypes).default("f32"))
    .option("--tokens <count>", "", Number, 16)
    .option("--steps <count>", "", Number, 8)
    .option("--cache <folder>")
    .parse([...args], {from: "user"});
  const {model, dtype, tokens, steps, cache} = program.opts<{model: string; dtype: ComputeDtype; tokens: number; steps: number; cache?: string}>();
  const folder = await mkdtemp(join(tmpdir(), "orrery-bench-"));
  const begun = performance.now();
  const seconds = () => ((performance.now() - begun) / 1000).toFixed(1);
  const engine = await loadEngine(model, {dtype, cacheFolder: cache, log: (line) => console.log(`${seconds()} s: ${line}`)});
  console.log(`${seconds()} s: ready (${engine.info.name} ${engine.info.version}, ${engine.info.threads} threads)`);
  try {
    const spec = captureSpecSchema.parse({model, dir: join(folder, "run"), token_ids: Array.from({length: tokens}, (_, i) => (37 * i + 11) % engine.config.vocab), steps, inits: 1, dtype});
    const {step_ms} = await capture(spec, {engine: async () => engine, onProgress: ({step}) => console.log(`${seconds()} s: step ${step}, ${(process.memoryUsage.rss() / 1e9).toFixed(2)} GB`)});
    const later = step_ms.slice(1); // the first one opens the sessions
    console.log(`${dtype}: ${(later.reduce((sum, ms) => sum + ms, 0) / later.length / 1000).toFixed(2)} s a step, peak memory ${(process.resourceUsage().maxRSS / 1e6).toFixed(2)} GB`);
  } finally {
    await engine.dispose();
    await rm(folder, {recursive: true, force: true});
  }
}
