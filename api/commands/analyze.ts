import {shown} from "../contract/checkLine.ts";
import {isGram, readGram, type GramTrace} from "../census/gram/gramFolder.ts";
import {patternsOfGram} from "../census/gram/readGramTrace.ts";
import {counted, nounOf} from "../../capture/trace/counted.ts";
import {examples} from "./options.ts";
import {runFolder} from "./runFolder.ts";
import {stat} from "node:fs/promises";
import {basename} from "node:path";
import {Option, type Command} from "commander";
import {openTrace} from "../../capture/trace/reader.ts";
import type {RunSpectrum} from "../../capture/spectrum/spectrumSchema.ts";
import type {Trace} from "../../capture/trace/schema.ts";
import {writtenSteps} from "../../capture/trace/writtenSteps.ts";
import {patternsOf, runPatterns, sourcePatterns} from "../analyses/patterns.ts";
import {isWitnessed, refuseUnwitnessed, witnessQuestions, withWitness, WITNESSED_SITE} from "../analyses/witness.ts";
import type {PatternAnswer, Patterns} from "../contract/contract.ts";
import {isBucket} from "../files/bucket/bucketAddress.ts";
import {bareChunks, fitsMemory, precisionOfArray} from "../exchange/bareChunks.ts";
import {load, withState, type BareState} from "../exchange/bareStates.ts";
import {laidOut} from "../exchange/laidOut.ts";
import {keptSpectra} from "../report/keptSpectra.ts";
import {note, print, printJson} from "./print.ts";
import {createProgress} from "./progress.ts";
import {runSpectra} from "./runSpectra.ts";
import {asUsageErrors, nameList, UsageError} from "./usage.ts";

interface AnalyzeOptions {
  readonly site?: string;
  readonly axes?: string[];
  readonly array?: string;
  readonly witness?: boolean;
  readonly model?: string;
  readonly json?: boolean;
}

export function addAnalyze(verb: Command): void {
  verb
    .option("--site <name>", "whose states (default: state)")
    .addOption(
      new Option("--array <name>", "the array of a bare file that holds the states, or step_# for one a step (default: state)").conflicts(
        "site"
      )
    )
    .option(
      "--witness",
      "also what the model's own step says of each label of `state`, by its Jacobian at the last state, or over an orbit's turns"
    )
    .option("--model <folder>", "the checkpoint that made the run, for --witness (default: the one of its name that ships)")
    .option("--axes <names>", "what a bare file's axes are, in its own order, as in init,step,token,width", nameList)
    .option("--json", "print one JSON document on stdout and nothing else")
    .addHelpText("after", examples("analyze sum-and-parity", "analyze states.npy --axes step,token,width --json"))
    .action(analyze);
}

async function analyze(target: string, {site, axes, array, witness, model, json}: AnalyzeOptions): Promise<void> {
  const path = await runFolder(target);
  const isRun = isBucket(path) || (await stat(path)).isDirectory();
  const ofFile = axes ? "--axes" : array === undefined ? undefined : "--array";
  if (isRun && ofFile)
    throw new UsageError(`invalid ${ofFile}: ${path} is a run, whose arrays and axes are known; ${ofFile} is of a bare file`);
  const patterns = isRun
    ? await analyzeRun(path, {site, witness, model, json})
    : await analyzeFile(path, {axes, array: array ?? site, witness, json});
  if (json) return printJson(patterns);
  for (const line of linesOf(patterns)) await print(line);
}

async function analyzeRun(
  dir: string,
  {site = WITNESSED_SITE, witness = false, model, json: measures}: Pick<AnalyzeOptions, "site" | "witness" | "model" | "json">
): Promise<Patterns> {
  if (await isGram(dir)) return patternsOfGram(await asUsageErrors(gramFor(dir, {site, witness})));
  const reader = await openTrace(dir);
  try {
    const {trace} = reader;
    const {status, steps, stopped} = trace;
    if (status === "partial") note(`partial run: ${writtenSteps(trace)} of ${steps} steps${stopped === null ? "" : ` (${stopped})`}`);
    if (witness && site !== WITNESSED_SITE) throw new UsageError(`invalid site: ${site}; --witness is of ${WITNESSED_SITE}`);
    if (witness) refuseUnwitnessed(trace);
    const patterns = await asUsageErrors(told(dir, (onProgress) => runPatterns(reader, site, {measures, onProgress})));
    const spectra = witness
      ? await runSpectra(dir, trace, {model, questions: trace.inits.flatMap((_, init) => witnessQuestions(patterns, init))})
      : await knownSpectra(dir, trace, site);
    return withWitness(patterns, spectra, trace);
  } finally {
    await reader.close();
  }
}

/** States of which some tokens can be read. */
const asPartsLie = <T>(state: BareState, use: (state: BareState) => Promise<T>): Promise<T> =>
  state.array.along ? use(state) : laidOut(state, use);

/** Labels, and how far they are on stderr. */
async function told<T>(path: string, label: (onProgress: (done: number, of: number) => void) => Promise<T>): Promise<T> {
  const begun = performance.now();
  let progress: ReturnType<typeof createProgress> | undefined;
  try {
    return await label((done, of) => {
      progress ??= createProgress(basename(path), of, {unit: "trajectory"});
      progress.tell(done, ((performance.now() - begun) / 1000 / done) * (of - done));
    });
  } finally {
    progress?.end();
  }
}

async function gramFor(dir: string, {site, witness}: {readonly site: string; readonly witness: boolean}): Promise<GramTrace> {
  const gram = await readGram(dir);
  if (witness) throw new UsageError(`invalid target: ${dir}; --witness needs states, which a Gram trace does not keep`);
  if (gram.site !== site) throw new UsageError(`unknown site: ${site}; ${dir} keeps ${gram.site}`);
  return gram;
}

/** Spectra that were computed before and lie beside the run. */
const knownSpectra = async (dir: string, trace: Trace, site: string): Promise<RunSpectrum[]> =>
  site === WITNESSED_SITE && isWitnessed(trace) ? keptSpectra(dir, trace) : [];

async function analyzeFile(
  path: string,
  {axes, array, witness, json: measures}: Pick<AnalyzeOptions, "axes" | "array" | "witness" | "json">
): Promise<Patterns> {
  if (witness) throw new UsageError(`invalid target: ${path}; --witness needs a run, whose model it asks`);
  return withState(path, {axes, array}, async (state) => {
    for (const line of state.unread) note(line);
    const shared = {site: state.site, measures, fromInitial: false};
    if (!fitsMemory(state)) {
      return asPartsLie(state, async (parts) => {
        const precision = await precisionOfArray(parts.array);
        return told(path, (onProgress) => sourcePatterns(bareChunks(parts), {...shared, precision, onProgress}));
      });
    }
    const {states, dtype} = await load(state);
    const precision = ({f64: undefined, f32: undefined, bf16: "bfloat16", f16: "float16"} as const)[dtype];
    return patternsOf(states, {...shared, precision});
  });
}

function linesOf({
  tokens,
  summary: {site, steps, inits, width, counts, precision, noise_floor, alpha, collapse, ...summary}
}: Patterns): string[] {
  const reasons = reasonsOf(tokens);
  const found = Object.entries(counts)
    .map(([pattern, count]) => `${count} ${pattern}`)
    .join(", ");
  return [
    `${site}: ${counted(steps, "state")} × ${counted(inits, "init")} × ${counted(summary.tokens, "token")} × width ${width}, ${precision}, noise floor ${noise_floor === null ? "unknown, since none has a label" : figure(noise_floor)}`,
    `${found} (labels at q ≤ ${alpha})`,
    ...(summary.not_finite > 0 ? [`of those without a label, ${summary.not_finite} not finite: NaN or Infinity`] : []),
    ...(collapse.collapsed
      ? [
          `collapsed: the tokens have become one another since step ${collapse.since}, correlation ${figure(collapse.correlation)} of at most ${figure(collapse.most)}`
        ]
      : []),
    ...tokens.map((token) => `init ${token.init} token ${token.index} ${shown(token.text)}: ${describe(token, reasons)}`),
    ...reasons.map((reason, i) => `(${i + 1}) no 95 % interval: ${reason}`)
  ];
}

/** Why numbers of these labels have no interval, each reason once. */
const reasonsOf = (tokens: readonly PatternAnswer[]): string[] => [
  ...new Set(tokens.flatMap(({no_rate_ci, no_period_ci}) => [no_rate_ci ?? [], no_period_ci ?? []].flat()))
];

function describe(answer: PatternAnswer, reasons: readonly string[]): string {
  const {pattern, q, rate, rate_ci, no_rate_ci, settled_step, spiral, period, period_ci, no_period_ci, amplitude, ...rest} = answer;
  const {not_converging, off_curve, drift_speed, window, still_from, bad_from, weighed, witness} = rest;
  const numberOf = (reason: string | undefined): string => (reason === undefined ? "" : ` (${reasons.indexOf(reason) + 1})`);
  if (bad_from !== null) return `no label: NaN or Infinity from step ${bad_from} on`;
  const parts = [
    not_converging === undefined ? "" : `not converging: ${not_converging}`,
    rate === null ? "" : `rate ${withInterval(rate, rate_ci, numberOf(no_rate_ci))}`,
    settled_step === null ? "" : pattern === "converging" ? `settled at step ${settled_step}` : `over steps ${window.join(" to ")}`,
    spiral ? "spiral" : "",
    period === null ? "" : `period ${withInterval(period, period_ci, numberOf(no_period_ci))}`,
    amplitude === null ? "" : `amplitude ${figure(amplitude)}`,
    off_curve === null ? "" : `off its curve by ${figure(off_curve, 2)} of it`,
    drift_speed === null ? "" : `drift ${figure(drift_speed)} rad/step`,
    still_from === null ? "" : `still, bit for bit, from step ${still_from}`,
    weighed.length === 0 ? "" : `${nounOf(weighed.length, "coordinate")} ${weighed.join(", ")} weighed down by noise`,
    witness ? `witness ${witness.opinion}: ${witness.why}` : ""
  ];
  return [`${pattern}, q ${figure(q)}`, ...parts.filter(Boolean)].join(", ");
}

/** A number and its interval, to two digits of the interval's width; or the number and what stands in the interval's place. */
function withInterval(value: number, interval: PatternAnswer["rate_ci"], instead: string): string {
  if (!interval) return `${figure(value)}${instead}`;
  const width = (interval[1] ?? Infinity) - (interval[0] ?? -Infinity);
  const lastPlace = Math.floor(Math.log10(width)) - 1;
  const told = (number: number | null): string =>
    figure(number, Math.min(MOST_DIGITS, Math.max(DIGITS, 1 + Math.floor(Math.log10(Math.abs(number ?? 0))) - lastPlace)));
  return `${told(value)} [${interval.map(told).join(", ")}]`;
}

const DIGITS = 3;
const MOST_DIGITS = 12;

const figure = (value: number | null, digits = DIGITS): string => (value === null ? "unknown" : String(Number(value.toPrecision(digits))));
