import {mkdtemp, rm} from "node:fs/promises";
import {cpus, tmpdir} from "node:os";
import {join} from "node:path";
import {createEval} from "../../api/eval/evalFolder.ts";
import {evaluate} from "../../api/eval/evaluation.ts";
import {prepareEval, type EvalOptions} from "../../api/eval/prepareEval.ts";
import {readTask} from "../../api/eval/taskFile.ts";
import type {Engine} from "../../capture/engine/engine.ts";
import {loadEngine} from "../../capture/engine/loadEngine.ts";
import {parseConfig} from "../../capture/families/huginn/config.ts";
import {generate} from "../../capture/generate/generate.ts";
import {GREEDY} from "../../capture/generate/sampler.ts";
import {openSession} from "../../capture/generate/session.ts";
import {speculate} from "../../capture/generate/speculate.ts";
import {startsOf, type StartsOf} from "../../capture/generate/starts.ts";
import {warmStart} from "../../capture/generate/warmStart.ts";
import {EXIT_RULES, exitPolicy, parseExitRule} from "../../analysis/exit/exitRules.ts";
import {loadTokenizer} from "../../capture/model/tokenizer.ts";
import {shapes, writeRandomCheckpoint} from "../../fixtures/randomCheckpoint.ts";
import {matrixRate} from "./matrixRate.ts";
import {readRate} from "./readRate.ts";
import {interpreters, startTorch, type TorchProcess} from "./torchProcess.ts";
import {wholeFrom} from "../support/readNumber.ts";

interface Case {
  readonly shape: keyof typeof shapes;
  readonly rounds: number;
  /** How many times PyTorch's speed is asked for. */
  readonly goal: number;
}

const cases: readonly Case[] = [
  {shape: "w128", rounds: 5, goal: 3},
  {shape: "w512", rounds: 3, goal: 1.8},
  {shape: "w1024", rounds: 2, goal: 1.2}
];
const THREADS = 2;
const PROMPT = 16;
const STEPS = 32;
const NEW = 64;
const STRATEGIES = ["latest-m4-compress-s2", "latest-m4-compress-s4", "latest-m4-compress-s8", "compress-anchor"];

/**
 * `npm run bench -- generate [--only speed|model] [--width 128|512|1024] [--items N]`: tokens a second beside PyTorch eager with the same cache on the same random
 * checkpoint, in turns, the quickest round of each; and on the shipped model over its prompts what exit rules, cache strategies, continuous
 * compute and speculation save, and what they cost in accuracy.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const only = args.includes("--only") ? args[args.indexOf("--only") + 1] : undefined;
  const items = args.includes("--items") ? wholeFrom(1, "--items", args[args.indexOf("--items") + 1]) : 200;
  const width = args.includes("--width") ? args[args.indexOf("--width") + 1] : undefined;
  const folder = await mkdtemp(join(tmpdir(), "orrery-bench-"));
  console.log(`${cpus()[0].model.trim()}, ${cpus().length} cores; ${THREADS} threads each`);
  try {
    for (const one of only === "model" ? [] : cases.filter(({shape}) => width === undefined || shape === `w${width}`))
      await runCase(one, join(folder, one.shape));
    if (only !== "speed") await onShippedModel(folder, items);
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

async function runCase({shape, rounds, goal}: Case, folder: string): Promise<void> {
  await writeRandomCheckpoint(folder, {config: shapes[shape], seed: 1});
  const engine = await loadEngine(folder, {threads: THREADS, cacheFolder: join(folder, "cache")});
  const {model} = engine;
  const prompt = Array.from({length: PROMPT}, (_, i) => (37 * i) % model.vocab);
  const peers: TorchProcess[] = [];
  for (const interpreter of interpreters()) {
    const peer = await startTorch(interpreter, "generate.py", [folder, String(THREADS)]);
    if (peer) peers.push(peer);
  }
  const config = parseConfig(shapes[shape]);
  const products = await matrixRate(config, {rows: 1, threads: THREADS});
  const reads = await readRate(THREADS);
  const zeros = startsOf(model, {seed: 0, init: {kind: "zero", scale: 1}});
  const best = {ours: Infinity, bare: Infinity, read: 0, theirs: peers.map(() => Infinity), same: peers.map(() => true)};
  for (let round = 0; round < rounds; ++round) {
    const own = await timed(engine, prompt, zeros);
    best.ours = Math.min(best.ours, own.seconds);
    best.bare = Math.min(best.bare, await products.seconds(STEPS));
    best.read = Math.max(best.read, await reads.bytesPerSecond());
    for (const [i, peer] of peers.entries()) {
      const {seconds, ids} = await peer.ask<{seconds: number; ids: number[]}>({prompt, steps: STEPS, new: NEW});
      best.theirs[i] = Math.min(best.theirs[i], seconds);
      best.same[i] &&= ids.join() === own.ids.join();
    }
  }
  const rate = (seconds: number) => (NEW - 1) / seconds;
  const step = best.ours / (NEW - 1) / STEPS;
  const bytes = coreBytes(config);
  console.log(`\nwidth ${model.width}, ${PROMPT} tokens of prompt, ${NEW} new ones, ${STEPS} steps each`);
  console.log(`  orrery               ${rate(best.ours).toFixed(2)} tokens a second, ${(1e6 * step).toFixed(0)} µs a step`);
  for (const [i, peer] of peers.entries())
    console.log(
      `  PyTorch ${peer.version.padEnd(12)} ${rate(best.theirs[i]).toFixed(2)} tokens a second: orrery is ${(best.theirs[i] / best.ours).toFixed(2)} times as fast (goal ${goal}); ${best.same[i] ? "the same tokens" : "OTHER TOKENS"}`
    );
  console.log(
    `  weights of a step    ${(bytes / 1e6).toFixed(1)} MB, read at ${(bytes / step / 1e9).toFixed(1)} GB/s: ${((100 * bytes) / step / best.read).toFixed(0)} % of the ${(best.read / 1e9).toFixed(1)} GB/s at which memory is read${model.width === 1024 ? " (goal 70)" : ""}; bare products ${((1e6 * best.bare) / STEPS).toFixed(0)} µs a step`
  );
  for (const peer of peers) peer.stop();
  await reads.dispose();
  await products.dispose();
  await engine.dispose();
}

const coreBytes = ({width, hidden, coreBlocks}: ReturnType<typeof parseConfig>): number =>
  Float32Array.BYTES_PER_ELEMENT * (2 * width * width + coreBlocks * (4 * width * width + 3 * width * hidden));

/** The tokens after the first one, whose time is the prompt's. */
async function timed(
  engine: Engine,
  prompt: readonly number[],
  starts: StartsOf
): Promise<{readonly seconds: number; readonly ids: number[]}> {
  const ids: number[] = [];
  let begun = 0;
  for await (const {id} of generate(openSession(engine), prompt, engine.model, {
    steps: STEPS,
    maxNew: NEW,
    sampler: GREEDY,
    random: () => 0,
    starts
  })) {
    ids.push(id);
    if (ids.length === 1) begun = performance.now();
  }
  return {seconds: (performance.now() - begun) / 1000, ids};
}

async function onShippedModel(folder: string, count: number): Promise<void> {
  const model = join(import.meta.dirname, "../../fixtures/models/tiny-arithmetic");
  const items = (await readTask(join(import.meta.dirname, "../../fixtures/prompts/arithmetic.jsonl"))).slice(0, count);
  const engine = await loadEngine(model, {threads: THREADS});
  const rules = EXIT_RULES.filter(({reads}) => reads !== "gate").map(({name}) => name);
  const options: EvalOptions = {engine: "onnx", dtype: "f32", device: "cpu", steps: [STEPS], exits: rules, kv: [...STRATEGIES], seed: 0};
  const dir = join(folder, "eval");
  await createEval(dir, (await prepareEval({model, items, options}, () => new Date())).spec, items);
  const {summary} = await evaluate(dir, {model, engine: async () => engine});
  const [full] = summary.steps;
  console.log(
    `\ntiny-arithmetic, ${items.length} prompts, fixed ${STEPS} steps: accuracy ${percent(full.accuracy)}, ${full.kv_bytes.toFixed(0)} bytes of cache, ${full.core_steps.toFixed(0)} core steps a prompt`
  );
  for (const {exit, accuracy, mean_steps, core_steps} of summary.exits)
    console.log(
      `  ${exit!.padEnd(24)} ${mean_steps.toFixed(2).padStart(6)} steps a token, ${(full.core_steps / core_steps).toFixed(1)} × fewer core steps; accuracy ${percent(accuracy)} (${points(accuracy - full.accuracy)})`
    );
  for (const {kv, accuracy, kv_bytes} of summary.caches)
    console.log(
      `  ${kv.padEnd(24)} ${kv_bytes.toFixed(0).padStart(8)} bytes, ${(full.kv_bytes / kv_bytes).toFixed(1)} × fewer; accuracy ${percent(accuracy)} (${points(accuracy - full.accuracy)})`
    );
  await continuous(engine, model, items.map(({prompt}) => prompt).slice(0, 50));
  await engine.dispose();
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const points = (difference: number): string => `${difference >= 0 ? "+" : ""}${(100 * difference).toFixed(1)} points`;

/** Core steps of a token from a fresh start and from the state of the token before it; and speculation beside plain decoding. */
async function continuous(engine: Engine, folder: string, prompts: readonly string[]): Promise<void> {
  const {model} = engine;
  const tokenizer = await loadTokenizer(folder, model);
  const starts = startsOf(model, {seed: 0, init: {kind: "normal", scale: 1}});
  const sum = {fresh: 0, carried: 0, tokens: 0, plain: 0, speculated: 0, drafted: 0, accepted: 0, same: 0};
  for (const prompt of prompts) {
    const ids = tokenizer.encode(prompt);
    const options = {steps: STEPS, maxNew: 24, sampler: GREEDY, random: () => 0, starts};
    const exit = exitPolicy(parseExitRule("latent-diff"));
    for (const [kind, carry] of [
      ["fresh", undefined],
      ["carried", await warmStart(engine, "raw")]
    ] as const)
      for await (const {steps} of generate(openSession(engine, {strategy: "latest-m4"}), ids, model, {...options, exit, carry}))
        sum[kind] += steps;
    const plain: number[] = [];
    let begun = performance.now();
    for await (const {id} of generate(openSession(engine), ids, model, options)) plain.push(id);
    sum.plain += performance.now() - begun;
    const speculated: number[] = [];
    begun = performance.now();
    for await (const round of speculate(openSession(engine), ids, model, {draftSteps: 4, steps: STEPS, lookahead: 4, maxNew: 24, starts})) {
      speculated.push(...round.ids);
      sum.drafted += round.drafted;
      sum.accepted += round.accepted;
    }
    sum.speculated += performance.now() - begun;
    sum.tokens += plain.length;
    if (plain.join() === speculated.join()) ++sum.same;
  }
  console.log(
    `  continuous compute (raw, exit by latent-diff): ${(sum.carried / sum.tokens).toFixed(2)} core steps a token, ${(sum.fresh / sum.tokens).toFixed(2)} from fresh starts`
  );
  console.log(
    `  speculation (4 steps, 4 ahead): ${percent(sum.accepted / sum.drafted)} of drafts accepted; ${(sum.plain / sum.speculated).toFixed(2)} times as fast as plain decoding; the same tokens in ${sum.same} of ${prompts.length} prompts`
  );
}
