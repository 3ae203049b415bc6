import {examples} from "./options.ts";
import {runFolder} from "./runFolder.ts";
import {stat} from "node:fs/promises";
import {Option, type Command} from "commander";
import {openTrace} from "../../capture/trace/reader.ts";
import {patternsOf, runPatterns} from "../analyses/patterns.ts";
import type {PatternAnswer, Patterns} from "../contract/contract.ts";
import {loadStates} from "../exchange/bareStates.ts";
import {note, print, printJson} from "./print.ts";
import {asUsageErrors, nameList} from "./usage.ts";

interface AnalyzeOptions {
  readonly site?: string;
  readonly axes?: string[];
  readonly array?: string;
  readonly json?: boolean;
}

export function addAnalyze(program: Command): void {
  program
    .command("analyze <run-or-file>")
    .description(
      "label every trajectory of a run, or of a safetensors, .npy or .npz file that holds `state` [steps, (inits, tokens,) width]"
    )
    .option("--site <name>", "whose states (default: state)")
    .addOption(
      new Option("--array <name>", "the array of a bare file that holds the states, or step_# for one a step (default: state)").conflicts(
        "site"
      )
    )
    .option("--axes <names>", "what a bare file's axes are, in its own order, as in init,step,token,width", nameList)
    .option("--json", "print one JSON document on stdout and nothing else")
    .addHelpText("after", examples("analyze sum-and-parity", "analyze states.npy --axes step,token,width --json"))
    .action(analyze);
}

async function analyze(target: string, {site, axes, array, json}: AnalyzeOptions): Promise<void> {
  const path = await runFolder(target);
  const found = await stat(path);
  const patterns = found.isDirectory()
    ? await analyzeRun(path, site ?? "state", json)
    : await analyzeFile(path, {axes, array: array ?? site, measures: json});
  if (json) return printJson(patterns);
  for (const line of linesOf(patterns)) await print(line);
}

async function analyzeRun(dir: string, site: string, measures: boolean | undefined): Promise<Patterns> {
  const reader = await openTrace(dir);
  try {
    const {status, steps, steps_written, stopped} = reader.trace;
    if (status === "partial") note(`partial run: ${steps_written} of ${steps} steps${stopped === null ? "" : ` (${stopped})`}`);
    return await asUsageErrors(runPatterns(reader, site, {measures}));
  } finally {
    await reader.close();
  }
}

async function analyzeFile(
  path: string,
  {axes, array, measures}: Pick<AnalyzeOptions, "axes" | "array"> & {readonly measures?: boolean}
): Promise<Patterns> {
  const {states, dtype, site} = await loadStates(path, {axes, array});
  const precision = ({f64: undefined, f32: undefined, bf16: "bfloat16", f16: "float16"} as const)[dtype];
  return patternsOf(states, {site, precision, measures});
}

function linesOf({
  tokens,
  summary: {site, steps, inits, width, counts, precision, noise_floor, alpha, collapse, ...summary}
}: Patterns): string[] {
  const found = Object.entries(counts)
    .map(([pattern, count]) => `${count} ${pattern}`)
    .join(", ");
  return [
    `${site}: ${steps} states × ${inits} inits × ${summary.tokens} tokens × width ${width}, ${precision}, noise floor ${figure(noise_floor)}`,
    `${found} (labels at q ≤ ${alpha})`,
    ...(collapse.collapsed
      ? [
          `collapsed: the tokens have become one another since step ${collapse.since}, correlation ${figure(collapse.correlation)} of at most ${figure(collapse.most)}`
        ]
      : []),
    ...tokens.map((token) => `init ${token.init} token ${token.index} ${JSON.stringify(token.text)}: ${describe(token)}`)
  ];
}

function describe(answer: PatternAnswer): string {
  const {pattern, q, rate, rate_ci, settled_step, spiral, period, amplitude, drift_speed, still_from, bad_from, weighed} = answer;
  if (bad_from !== null) return `no label: NaN or Infinity from step ${bad_from} on`;
  const parts = [
    rate === null ? "" : `rate ${figure(rate)}${rate_ci ? ` [${figure(rate_ci[0])}, ${figure(rate_ci[1])}]` : ""}`,
    settled_step === null ? "" : `${pattern === "converging" ? "settled at" : "steady from"} step ${settled_step}`,
    spiral ? "spiral" : "",
    period === null ? "" : `period ${figure(period)}`,
    amplitude === null ? "" : `amplitude ${figure(amplitude)}`,
    drift_speed === null ? "" : `drift ${figure(drift_speed)} rad/step`,
    still_from === null ? "" : `still, bit for bit, from step ${still_from}`,
    weighed.length === 0 ? "" : `coordinate${weighed.length === 1 ? "" : "s"} ${weighed.join(", ")} weighed down by noise`
  ];
  return [`${pattern}, q ${figure(q)}`, ...parts.filter(Boolean)].join(", ");
}

const figure = (value: number | null): string => (value === null ? "unknown" : String(Number(value.toPrecision(3))));
