import {mkdtemp, rm} from "node:fs/promises";
import {cpus, tmpdir} from "node:os";
import {join} from "node:path";
import {captureSpecSchema} from "../../capture/job/captureSpec.ts";
import {capture} from "../../capture/job/capture.ts";
import type {Engine} from "../../capture/engine/engine.ts";
import {loadEngine} from "../../capture/engine/loadEngine.ts";
import {initialStates} from "../../capture/loop/initialState.ts";
import {parseConfig} from "../../capture/families/huginn/config.ts";
import {iterate} from "../../capture/loop/iterate.ts";
import {shapes, writeRandomCheckpoint} from "../../fixtures/randomCheckpoint.ts";
import {matrixRate} from "./matrixRate.ts";
import {startPeer, type Peer} from "./torchPeer.ts";
import {interpreters} from "./torchProcess.ts";
import {wholeFrom} from "../support/readNumber.ts";

/** One size: a random checkpoint of Huginn's topology, and how it is run. */
interface Case {
  readonly shape: keyof typeof shapes;
  readonly tokens: number;
  readonly inits: number;
  readonly steps: number;
  /** Rounds for each one of `--rounds`: where they are short, more of them find a quiet moment in the same time. */
  readonly repeats: number;
  /** How many times PyTorch's speed is asked for. */
  readonly goal: number;
}

const cases: readonly Case[] = [
  {shape: "w128", tokens: 32, inits: 4, steps: 20, repeats: 6, goal: 3},
  {shape: "w512", tokens: 128, inits: 1, steps: 4, repeats: 1, goal: 1.5},
  {shape: "w1024", tokens: 128, inits: 1, steps: 2, repeats: 1, goal: 1.1}
];
const THREADS = 2;
const OVERHEAD_SHAPE = "w512";

/**
 * `npm run bench -- capture [--rounds N]`: the recurrence with all states kept, beside PyTorch eager on the same checkpoint (ORRERY_PYTHON,
 * several interpreters joined by commas, or python3) and beside bare matrix products of the same shapes. All of them take turns, round by
 * round, and the quickest round of each counts: other work on the machine can only slow one down. Rounds are short for the same reason.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const at = args.indexOf("--rounds");
  const rounds = at < 0 ? 15 : wholeFrom(1, "--rounds", args[at + 1]);
  const folder = await mkdtemp(join(tmpdir(), "orrery-bench-"));
  console.log(`${cpus()[0].model.trim()}, ${cpus().length} cores; ${THREADS} threads each; ${rounds} rounds, the quickest counts`);
  try {
    for (const one of cases) await runCase(one, join(folder, one.shape), rounds);
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

async function runCase({shape, tokens, inits, steps, repeats, goal}: Case, folder: string, rounds: number): Promise<void> {
  await writeRandomCheckpoint(folder, {config: shapes[shape], seed: 1});
  const engine = await loadEngine(folder, {threads: THREADS, cacheFolder: join(folder, "cache")});
  const {model} = engine;
  const ids = Array.from({length: tokens}, (_, i) => (37 * i) % model.vocab);
  const initial = initialStates(model, {inits, tokens, seed: 1});
  const peers = await peersFor(folder);
  const products = await matrixRate(parseConfig(shapes[shape]), {rows: inits * tokens, threads: THREADS});
  const ours: number[] = [];
  const bare: number[] = [];
  const theirs = peers.map((): number[] => []);
  const differences = peers.map(() => 0);
  for (let round = 0; round <= repeats * rounds; ++round) {
    // round 0 warms everything up
    const own = await timeSteps(engine, {ids, initial, inits, steps});
    if (round > 0) ours.push(own.seconds);
    const rate = await products.seconds(steps);
    if (round > 0) bare.push(rate);
    for (const [i, peer] of peers.entries()) {
      const {seconds, final} = await peer.run({ids, inits, steps, initial});
      if (round > 0) theirs[i].push(seconds);
      differences[i] = largestDifference(final, own.last);
    }
  }
  const milliseconds = (times: readonly number[]) => ((1000 * Math.min(...times)) / steps).toFixed(2);
  console.log(`\nwidth ${model.width}, ${tokens} tokens, ${inits} ${inits === 1 ? "init" : "inits"}, ${steps} steps`);
  console.log(`  orrery               ${milliseconds(ours)} ms a step`);
  for (const [i, peer] of peers.entries()) {
    console.log(
      `  PyTorch ${peer.version.padEnd(12)} ${milliseconds(theirs[i])} ms a step: orrery is ${(Math.min(...theirs[i]) / Math.min(...ours)).toFixed(2)} times as fast (goal ${goal}); last states differ by ${differences[i].toExponential(1)}`
    );
  }
  const efficiency = (100 * Math.min(...bare)) / Math.min(...ours);
  console.log(
    `  matrix products      ${milliseconds(bare)} ms a step, ${((products.flops * steps) / Math.min(...bare) / 1e9).toFixed(0)} GFLOP/s: orrery reaches ${efficiency.toFixed(0)} % of their rate${model.width === 1024 ? " (goal 92)" : ""}`
  );
  if (shape === OVERHEAD_SHAPE) await reportOverhead(engine, folder, {ids, initial, inits, steps: 16, rounds});
  for (const peer of peers) peer.stop();
  await products.dispose();
  await engine.dispose();
}

interface Run {
  readonly ids: readonly number[];
  readonly initial: Float32Array;
  readonly inits: number;
  readonly steps: number;
}

/** The loop itself, all states kept. */
async function timeSteps(
  engine: Engine,
  {ids, initial, inits, steps}: Run
): Promise<{readonly seconds: number; readonly last: Float32Array}> {
  const states: Float32Array[] = [];
  let begun = 0;
  for await (const {step, state} of iterate(engine, {ids, initial, inits, steps})) {
    if (step === 0) begun = performance.now();
    states.push(state);
  }
  return {seconds: (performance.now() - begun) / 1000, last: states[steps]};
}

/** What the loop, a recording tap and the trace's files add to the bare calls of the engine's step. */
async function reportOverhead(
  engine: Engine,
  folder: string,
  {ids, initial, inits, steps, rounds}: Run & {readonly rounds: number}
): Promise<void> {
  const input = (await engine.begin(ids)).input;
  const bare: number[] = [];
  const whole: number[] = [];
  for (let round = 0; round <= rounds; ++round) {
    let state = initial;
    const begun = performance.now();
    for (let step = 1; step <= steps; ++step) state = await engine.step(state, input, {inits, tokens: ids.length, step});
    if (round > 0) bare.push((performance.now() - begun) / 1000);
    const dir = join(folder, `run-${round}`);
    const spec = captureSpecSchema.parse({model: folder, dir, token_ids: ids, steps, inits, sites: ["state", "core.0.out"], readout: null});
    const {step_ms} = await capture(spec, {engine: async () => engine});
    if (round > 0) whole.push(step_ms.reduce((sum, ms) => sum + ms, 0) / 1000);
    await rm(dir, {recursive: true});
  }
  const added = 100 * (Math.min(...whole) / Math.min(...bare) - 1);
  console.log(
    `  loop, tap and trace add ${added.toFixed(1)} % (goal 5): ${((1000 * Math.min(...bare)) / steps).toFixed(2)} → ${((1000 * Math.min(...whole)) / steps).toFixed(2)} ms a step, states and core.0.out written`
  );
}

async function peersFor(folder: string): Promise<Peer[]> {
  const peers: Peer[] = [];
  for (const interpreter of interpreters()) {
    const peer = await startPeer(interpreter, {folder, threads: THREADS});
    if (peer) peers.push(peer);
  }
  return peers;
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  let largest = a.length === b.length ? 0 : Infinity;
  for (let i = 0; i < a.length; ++i) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}
