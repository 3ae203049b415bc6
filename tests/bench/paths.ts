import {mkdtemp, rm} from "node:fs/promises";
import {availableParallelism, tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {parseArgs} from "node:util";
import {z} from "zod";
import {promptPaths} from "../../analysis/paths/promptPaths.ts";
import {toBfloat16} from "../../analysis/patterns/path/rounding.ts";
import {seededRandom, type Random} from "../../analysis/random.ts";
import {statesOf, type States} from "../../analysis/states.ts";
import {runExperiment} from "../../api/experiments/experiment.ts";
import {experimentOptions} from "../../api/contract/experimentSchemas.ts";
import {readPromptLines} from "../../api/captures/promptFile.ts";
import {wilsonInterval} from "../../analysis/paths/interval.ts";
import {ownStarts, runsOf, signed} from "../support/worlds.ts";
import {wholeFrom} from "../support/readNumber.ts";

/**
 * `npm run bench -- paths [--worlds N] [--prompts N]`: how often the number of attractors is found in worlds where it is known, and the time of an
 * experiment of 200 prompts × 16 starts × 64 steps with the shipped model.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const {values} = parseArgs({
    args: [...args],
    options: {worlds: {type: "string", default: "200"}, prompts: {type: "string", default: "200"}}
  });
  const [worlds, prompts] = [wholeFrom(1, "--worlds", values.worlds), wholeFrom(0, "--prompts", values.prompts)];
  judgeWorlds(worlds);
  if (prompts > 0) await timeExperiment(prompts);
}

const STARTS = 16;
const STEPS = 64;
const WIDTH = 64;

interface Cell {
  readonly name: string;
  readonly attractors: number;
  /** Distance between centres, relative to the norm of the states. */
  readonly apart: number;
  /** 1 for fixed points. */
  readonly period: number;
  readonly amplitude: number;
  readonly rate: number;
  readonly bfloat16?: boolean;
}

const base = {attractors: 1, apart: 0, period: 1, amplitude: 0.2, rate: 0.7};
const cells: readonly Cell[] = [
  {...base, name: "one point, rate 0.5", rate: 0.5},
  {...base, name: "one point, rate 0.9", rate: 0.9},
  {...base, name: "one point, rate 0.98 (cannot have arrived)", rate: 0.98},
  {...base, name: "one point, bfloat16", rate: 0.85, bfloat16: true},
  ...[2, 2.37, 3, 4.7, 6.5, 11, 25.3].map((period) => ({...base, name: `one cycle of period ${period}, any phase`, period})),
  {...base, name: "one cycle of period 2, bfloat16", period: 2, bfloat16: true},
  {...base, name: "one cycle of period 6.5, rate 0.9", period: 6.5, rate: 0.9},
  {...base, name: "two points, 0.05 apart", attractors: 2, apart: 0.05},
  {...base, name: "two points, 0.05 apart, rate 0.9", attractors: 2, apart: 0.05, rate: 0.9},
  {...base, name: "two points, 0.5 apart, rate 0.95", attractors: 2, apart: 0.5, rate: 0.95},
  {...base, name: "three points, 0.5 apart", attractors: 3, apart: 0.5},
  {...base, name: "two points, 0.5 apart, bfloat16", attractors: 2, apart: 0.5, bfloat16: true},
  {...base, name: "two cycles of period 2, 0.5 apart", attractors: 2, apart: 0.5, period: 2},
  {...base, name: "one cycle of period 6.5, amplitude 0.03", period: 6.5, amplitude: 0.03},
  {...base, name: "two cycles of period 2 about one centre", attractors: 2, period: 2},
  {...base, name: "two cycles of period 6.5 about one centre", attractors: 2, period: 6.5}
];

function judgeWorlds(count: number): void {
  console.log(`${count} worlds a line; ${STARTS} starts, ${STEPS} steps, width ${WIDTH}; shares in %, of "right" with its 95 % interval\n`);
  console.log(`${"truth".padEnd(46)} right            no claim  too many  too few`);
  cells.forEach((cell, c) => {
    const tally = {right: 0, unfinished: 0, split: 0, merged: 0};
    for (let world = 0; world < count; ++world) {
      const random = seededRandom(1000 * c + world);
      const {states, truth} = worldOf(cell, random);
      const {verdict, reached} = promptPaths(runsOf(states, ownStarts(STARTS)), {random, resamples: 100}).tokens[0];
      if (reached > truth) tally.split += 1;
      else if (verdict === "unfinished") tally.unfinished += 1;
      else if (reached < truth) tally.merged += 1;
      else tally.right += 1;
    }
    const percent = (n: number): string => `${((100 * n) / count).toFixed(1)}`.padStart(5);
    const [low, high] = wilsonInterval(tally.right, count);
    console.log(
      `${cell.name.padEnd(46)} ${percent(tally.right)} (${(100 * low).toFixed(0)}–${(100 * high).toFixed(0)})`.padEnd(64) +
        `${percent(tally.unfinished)}     ${percent(tally.split)}    ${percent(tally.merged)}`
    );
  });
}

/** A world and how many attractors its starts reached. */
function worldOf({attractors, apart, period, amplitude, rate, bfloat16}: Cell, random: Random): {states: States; truth: number} {
  const direction = (): number[] => {
    const vector = Array.from({length: WIDTH}, () => signed(random) + signed(random) + signed(random));
    const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
    return vector.map((x) => x / length);
  };
  const common = direction();
  const places = Array.from({length: attractors}, () => {
    const [offset, u, v] = [direction(), direction(), direction()];
    const centre = common.map((x, k) => x + (apart / Math.SQRT2) * offset[k]);
    return {
      centre,
      at: (t: number) =>
        centre.map((x, k) =>
          period === 1 ? x : x + amplitude * (Math.cos((2 * Math.PI * t) / period) * u[k] + Math.sin((2 * Math.PI * t) / period) * v[k])
        )
    };
  });
  const starts = Array.from({length: STARTS}, () => ({
    place: Math.floor(random() * attractors),
    phase: Number.isInteger(period) ? Math.floor(random() * period) : random() * period,
    offset: direction()
  }));
  const data = Float32Array.from(
    Array.from({length: STEPS + 1}, (_, t) =>
      starts.map(({place, phase, offset}) => places[place].at(t + phase).map((x, k) => x + offset[k] * rate ** t))
    ).flat(2)
  );
  return {
    states: statesOf({steps: STEPS + 1, inits: STARTS, tokens: 1, width: WIDTH}, bfloat16 ? toBfloat16(data) : data),
    truth: new Set(starts.map(({place}) => place)).size
  };
}

async function timeExperiment(count: number): Promise<void> {
  const fixtures = (name: string): string => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
  const prompts = (await readPromptLines(fixtures("prompts/arithmetic.jsonl"))).slice(0, count);
  const folder = await mkdtemp(join(tmpdir(), "orrery-bench-"));
  try {
    const [begun, cpu] = [performance.now(), process.cpuUsage()];
    const summary = await runExperiment(
      join(folder, "experiment"),
      {model: fixtures("models/tiny-arithmetic"), prompts, title: "bench", options: z.object(experimentOptions).parse({})},
      {}
    );
    const {user, system} = process.cpuUsage(cpu);
    console.log(
      `\n${summary.prompts} prompts, ${summary.tokens} tokens, 16 own starts and 26 others, 64 steps: ${((performance.now() - begun) / 1000).toFixed(0)} s, ${((user + system) / 1e6).toFixed(0)} s of processor time, ${availableParallelism()} cores`
    );
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}
