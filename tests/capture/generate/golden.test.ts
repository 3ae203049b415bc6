import {readdirSync} from "node:fs";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {exitPolicy, parseExitRule} from "../../../analysis/exit/exitRules.ts";
import type {Engine} from "../../../capture/engine/engine.ts";
import {loadEngine} from "../../../capture/engine/loadEngine.ts";
import {advance} from "../../../capture/generate/advance.ts";
import {generate, type GenerateOptions} from "../../../capture/generate/generate.ts";
import {GREEDY} from "../../../capture/generate/sampler.ts";
import {openSession} from "../../../capture/generate/session.ts";
import {speculate} from "../../../capture/generate/speculate.ts";
import {maxDifference, shippedGolden} from "../../support/golden.ts";
import {warmStart} from "../../../capture/generate/warmStart.ts";
import {tensorsIn} from "../../support/tensorsIn.ts";

const folder = join(shippedGolden, "a_d32_h4_p2c4k2");
const files = readdirSync(folder).map((name) => name.replace(/\.safetensors$/, ""));
const LOGITS = 1e-4; // the folder's README: 5e-5, 1e-4 at the worst

describe("generation against the authors' code", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await loadEngine(folder);
  });
  afterAll(() => engine?.dispose());
  const read = (name: string) => tensorsIn(join(folder, `${name}.safetensors`));
  const {width, vocab} = {width: 32, vocab: 96};

  it.each(files.filter((name) => name.startsWith("cache_")))("%s: logits of every chunk, slots and bytes", async (name) => {
    const golden = await read(name);
    const session = openSession(engine, {strategy: /^cache_(.*)_\w+$/.exec(name)![1]});
    const ids = [...golden.input_ids];
    let worst = 0;
    let at = 0;
    for (const [call, size] of golden.chunks.entries()) {
      const start = golden.s0.subarray(at * width, (at + size) * width);
      await session.extend(ids.slice(at, at + size), () => start);
      for (let step = 0; step < golden.num_steps[call]; ++step) await session.step();
      const logits = await session.head(await session.read());
      worst = Math.max(worst, maxDifference(logits, golden.logits.subarray(at * vocab, (at + size) * vocab)));
      at += size;
    }
    console.log(`${name}: logits within ${worst.toExponential(1)}`);
    expect(worst).toBeLessThan(LOGITS);
    expect(session.bytes).toBe(sumOf(golden.cache_occupancy) * 2 * width * Float32Array.BYTES_PER_ELEMENT);
  });

  it.each(files.filter((name) => name.startsWith("adaptive_")))("%s: exit steps and logits, token by token", async (name) => {
    const golden = await read(name);
    const [, criterion, threshold] = /^adaptive_(.*)_(.*)$/.exec(name)!;
    const session = openSession(engine, {strategy: "latest-m4"});
    const exit =
      criterion === "none" ? undefined : exitPolicy(parseExitRule(threshold === "auto" ? criterion : `${criterion}:${threshold}`));
    const steps: number[] = [];
    let [values, logits] = [0, 0];
    for (const [i, id] of [...golden.input_ids].entries()) {
      await session.extend([id], () => golden.s0.subarray(i * width, (i + 1) * width));
      const advanced = await advance(session, engine.model, {steps: 32, exit});
      steps.push(advanced.steps);
      values = Math.max(values, relativeDifference(advanced.values, golden.exit_values.subarray(i * 32, i * 32 + advanced.values.length)));
      logits = Math.max(logits, maxDifference(advanced.logits, golden.logits.subarray(i * vocab, (i + 1) * vocab)));
    }
    console.log(`${name}: logits within ${logits.toExponential(1)}, values within ${values.toExponential(1)}`);
    expect(steps).toEqual([...golden.compute_steps]);
    expect(logits).toBeLessThan(LOGITS);
    expect(values).toBeLessThan(1e-3);
  });

  const options = (golden: Record<string, Float32Array>, more: Partial<GenerateOptions>): GenerateOptions => {
    const starts = golden.s0_prompt ? Float32Array.of(...golden.s0_prompt, ...golden.s0_decode) : undefined;
    return {
      steps: 12,
      maxNew: 8,
      sampler: GREEDY,
      random: () => 0,
      starts: (from, own) => starts?.subarray(from * width, from * width + own.length) ?? own,
      ...more
    };
  };
  const made = async (strategy: string, golden: Record<string, Float32Array>, more: Partial<GenerateOptions>) => {
    const chosen = [];
    for await (const token of generate(openSession(engine, {strategy}), [...golden.prompt], engine.model, options(golden, more)))
      chosen.push(token);
    return {ids: [...golden.prompt, ...chosen.map(({id}) => id)], steps: chosen.map(({steps}) => steps)};
  };

  it("gen_minimal: greedy tokens", async () => {
    const golden = await read("gen_minimal");
    expect((await made("full", golden, {})).ids).toEqual([...golden.sequences]);
  });
  it("gen_continuous: the normed state is carried", async () => {
    const golden = await read("gen_continuous");
    expect((await made("full", golden, {carry: await warmStart(engine, "normed")})).ids).toEqual([...golden.sequences]);
  });
  it.each([
    ["gen_adaptive_fresh", undefined],
    ["gen_adaptive_continuous", (state: Float32Array) => state.slice()]
  ] as const)("%s: tokens and exit steps", async (name, carry) => {
    const golden = await read(name);
    const exit = exitPolicy(parseExitRule("latent-diff:0.1"));
    const found = await made("latest-m4", golden, {steps: 32, exit, carry});
    expect(found.ids).toEqual([...golden.sequences]);
    expect(found.steps).toEqual([...golden.compute_steps]);
  });
  it.each([
    [2, 3, "spec_d2_l3"],
    [24, 4, "spec_d24_l4"]
  ] as const)("gen_speculative: %i draft steps, %i ahead", async (draftSteps, lookahead, name) => {
    const golden = await read("gen_speculative");
    const ids = [...golden.prompt];
    for await (const round of speculate(openSession(engine), ids, engine.model, {
      draftSteps,
      steps: 24,
      lookahead,
      maxNew: 8,
      starts: (_, own) => own
    }))
      ids.push(...round.ids);
    expect(ids).toEqual([...golden.greedy]);
    expect(ids).toEqual([...golden[name]].slice(0, ids.length));
    expect((await made("full", golden, {steps: 24})).ids).toEqual([...golden.greedy]);
  });
});

const sumOf = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);

const relativeDifference = (a: readonly number[], b: Float32Array): number =>
  a.reduce((worst, value, i) => Math.max(worst, Number.isNaN(value) ? 0 : Math.abs(value - b[i]) / Math.max(1e-2, Math.abs(b[i]))), 0);
