import {existsSync, readdirSync} from "node:fs";
import {basename, join} from "node:path";
import {fileURLToPath} from "node:url";
import {parseArgs} from "node:util";
import {classifyRun} from "../../analysis/patterns/classifyRun.ts";
import {PATTERNS, type Pattern} from "../../analysis/patterns/labels.ts";
import type {Precision} from "../../analysis/patterns/path/rounding.ts";
import type {Verdict} from "../../analysis/patterns/verdict.ts";
import {wilsonInterval} from "../../analysis/paths/interval.ts";
import {pathOf} from "../../analysis/states.ts";
import {shippedModels} from "../../api/models/shipped.ts";
import type {Engine} from "../../capture/engine/engine.ts";
import {loadTokenizer, type Tokenizer} from "../../capture/model/tokenizer.ts";
import {FATES, fateOf, type Fate, type FateName} from "./fate.ts";
import {coursesOf, gainedEngine} from "./gained.ts";
import {networkPrompts} from "./networkPrompts.ts";
import {printTable, type Format} from "./table.ts";
import {positive, wholeFrom} from "../support/readNumber.ts";

const OTHERS = fileURLToPath(new URL("../../../shared/checkpoints", import.meta.url));
const FORMATS: readonly Precision[] = ["float32", "bfloat16"];
const INITS = 2;
const LONGEST_PERIOD = 128; // that a path is found to keep, in steps
const FAR = 0.05; // of its way: what moves by less in the end comes near one place
const SAME_PERIOD = 0.01; // of a whole number of the label's periods

/** One path of a trained network: what it was called, and what became of it. */
interface Judged {
  readonly network: string;
  readonly gain: number;
  readonly precision: Precision;
  readonly text: string;
  readonly verdict: Verdict;
  readonly fate: Fate;
}

interface Choice {
  readonly prompts: number;
  readonly tokens: number;
  readonly steps: number;
  readonly further: number;
  readonly seed: number;
}

/**
 * `npm run bench -- networks`: the labels of trained networks, the loop's weights multiplied by each of `--gains`, so that they rest, turn and wander, by what becomes of each path in its own further
 * steps; in float32, and in a loop that rounds its state to bfloat16. The networks are those that ship, and `--model DIR` (repeatable), or those beside the checkout under shared/checkpoints.
 * `--prompts`, `--tokens`, `--steps`, `--further`, `--seed` choose; `--wrong` lists the paths whose labels are wrong, `--as markdown` prints tables for a document.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const {values} = parseArgs({
    args: [...args],
    options: {
      model: {type: "string", multiple: true},
      match: {type: "string", default: ""},
      gains: {type: "string", default: "1,1.3,1.7,2.2,3,4,6"},
      prompts: {type: "string", default: "2"},
      tokens: {type: "string", default: "16"},
      steps: {type: "string", default: "64"},
      further: {type: "string", default: "2000"},
      seed: {type: "string", default: "1"},
      wrong: {type: "boolean", default: false},
      as: {type: "string", default: "text"}
    }
  });
  const gains = values.gains.split(",").map((gain) => positive("--gains", gain));
  const choice = {
    prompts: wholeFrom(1, "--prompts", values.prompts),
    tokens: wholeFrom(1, "--tokens", values.tokens),
    steps: wholeFrom(8, "--steps", values.steps),
    further: wholeFrom(2 * LONGEST_PERIOD, "--further", values.further), // as many states as the truth is read from
    seed: wholeFrom(0, "--seed", values.seed)
  };
  const folders = networkFolders(values.model).filter((folder) => basename(folder).includes(values.match));
  const judged: Judged[] = [];
  for (const folder of folders) for (const gain of gains) judged.push(...(await judgedOf(folder, gain, choice)));
  const format = values.as === "markdown" ? "markdown" : "text";
  const {prompts, tokens, steps, further} = choice;
  console.log(
    `${folders.map((folder) => basename(folder)).join(", ")}; gains ${gains.join(", ")}; ${prompts} prompts of ${tokens} tokens from ${INITS} starts, ${steps} steps, truth by ${further} further ones`
  );
  for (const precision of FORMATS)
    printFates(
      judged.filter((one) => one.precision === precision),
      precision,
      format
    );
  printRates(judged, format);
  if (values.wrong) for (const one of judged) if (faultOf(one)) console.log(inWords(one));
}

const isCheckpoint = (folder: string): boolean => existsSync(join(folder, "config.json"));
const checkpointsIn = (root: string): string[] =>
  readdirSync(root)
    .sort()
    .map((name) => join(root, name))
    .filter(isCheckpoint);

/** Those that ship, then the others; one of a name that was there is the same. */
function networkFolders(given: readonly string[] | undefined): string[] {
  const shipped = shippedModels.flatMap(checkpointsIn);
  if (given) return [...shipped, ...given];
  if (!existsSync(OTHERS)) {
    console.error(`no networks but those that ship: ${OTHERS} is missing; --model DIR names others`);
    return shipped;
  }
  const names = shipped.map((folder) => basename(folder));
  return [...shipped, ...checkpointsIn(OTHERS).filter((folder) => !names.includes(basename(folder)))];
}

async function judgedOf(folder: string, gain: number, choice: Choice): Promise<Judged[]> {
  const engine = await gainedEngine(folder, gain);
  try {
    const tokenizer = await loadTokenizer(folder, engine.model);
    const judged: Judged[] = [];
    for (const precision of FORMATS)
      judged.push(...(await inFormat(engine, {...choice, tokenizer, precision, gain, network: basename(folder)})));
    console.error(`${basename(folder)} × ${gain}: ${judged.length} paths`);
    return judged;
  } finally {
    await engine.dispose();
  }
}

interface FormatChoice extends Choice, Pick<Judged, "network" | "gain" | "precision"> {
  readonly tokenizer: Tokenizer;
}

async function inFormat(engine: Engine, {tokenizer, precision, gain, network, ...choice}: FormatChoice): Promise<Judged[]> {
  const prompts = networkPrompts(tokenizer, choice);
  const rounded = precision === "bfloat16";
  const courses = await coursesOf(engine, {...choice, prompts, inits: INITS, kept: 2 * LONGEST_PERIOD, rounded});
  return courses.flatMap(({seen, ends}, i) =>
    classifyRun(seen, {precision}).verdicts.map((verdict) => {
      const path = pathOf(seen, verdict.token, verdict.init);
      const fate = fateOf({seen: path, end: ends[verdict.init * seen.tokens + verdict.token]}, precision);
      return {network, gain, precision, text: tokenizer.decode(prompts[i]), verdict, fate};
    })
  );
}

function printFates(judged: readonly Judged[], precision: Precision, format: Format): void {
  console.log(`\n${precision}`);
  const table = printTable(["what becomes of it", "n", ...PATTERNS], format);
  for (const fate of FATES) {
    const some = judged.filter((one) => one.fate.name === fate);
    if (some.length === 0) continue;
    table.row([
      fate,
      String(some.length),
      ...PATTERNS.map((label) => String(some.filter(({verdict}) => verdict.pattern === label).length))
    ]);
  }
}

/** Labels that a path may not have, by what becomes of it; what turns within rounding, slowly, or nearly, may be called either. */
const FALSE: Readonly<Record<FateName, readonly Pattern[]>> = {
  rests: ["orbit", "slider"],
  "rests later": ["orbit", "slider"],
  cycle: ["converging", "slider"],
  "cycle later": ["converging", "slider"],
  "within rounding": ["slider"],
  "near a cycle": ["converging", "slider"],
  slow: [],
  wanders: ["converging", "orbit", "slider"]
};

const isFalse = ({verdict, fate}: Judged): boolean => FALSE[fate.name].includes(verdict.pattern);
const rests = ({fate}: Judged): boolean => fate.name === "rests";
const turns = ({fate}: Judged): boolean => fate.name === "cycle";
const isCalled =
  (...labels: readonly Pattern[]) =>
  ({verdict}: Judged): boolean =>
    labels.includes(verdict.pattern);
const mayNotBe =
  (...labels: readonly Pattern[]) =>
  ({fate}: Judged): boolean =>
    labels.some((label) => FALSE[fate.name].includes(label));
const isRightPeriod = ({verdict: {period = NaN}, fate}: Judged): boolean => {
  const rounds = fate.period! / period;
  return Math.round(rounds) >= 1 && Math.abs(rounds - Math.round(rounds)) <= SAME_PERIOD * rounds;
};

type Predicate = (one: Judged) => boolean;

/** Of the paths that the first is true of, those that the second is. */
const RATES: Readonly<Record<string, readonly [of: Predicate, is: Predicate]>> = {
  "orbit or slider, and is none": [mayNotBe("orbit", "slider"), (one) => isCalled("orbit", "slider")(one) && isFalse(one)],
  "converging, and comes not to rest": [mayNotBe("converging"), isCalled("converging")],
  "the same, of what moves by 5 % of its way": [(one) => mayNotBe("converging")(one) && one.fate.size > FAR, isCalled("converging")],
  "rests, and is converging": [rests, isCalled("converging")],
  "a cycle, and is an orbit": [turns, isCalled("orbit")],
  "such an orbit, of the cycle's period": [(one) => turns(one) && isCalled("orbit")(one), isRightPeriod]
};

function printRates(judged: readonly Judged[], format: Format): void {
  console.log("");
  const table = printTable(["labels, 95 % intervals", ...FORMATS], format);
  for (const [name, [of, is]] of Object.entries(RATES))
    table.row([
      name,
      ...FORMATS.map((precision) =>
        shareOf(
          judged.filter((one) => one.precision === precision && of(one)),
          is
        )
      )
    ]);
}

function shareOf(judged: readonly Judged[], is: (one: Judged) => boolean): string {
  const count = judged.filter(is).length;
  if (judged.length === 0) return "–";
  const [share, low, high] = [count / judged.length, ...wilsonInterval(count, judged.length)].map((part) => (100 * part).toPrecision(3));
  return `${count} of ${judged.length}: ${share} % (${low} to ${high})`;
}

/** A false label, a rest or a cycle that has none, or a cycle of another period. */
const faultOf = (one: Judged): boolean =>
  isFalse(one) ||
  (rests(one) && one.verdict.pattern !== "converging") ||
  (turns(one) && (one.verdict.pattern !== "orbit" || !isRightPeriod(one)));

function inWords({network, gain, precision, text, verdict: {token, init, pattern, p, period}, fate}: Judged): string {
  const turned = period === undefined ? "" : ` of ${period.toPrecision(4)}`;
  const truth = [
    `${fate.name}${fate.period === undefined ? "" : `, period ${fate.period}`}`,
    `size ${(100 * fate.size).toPrecision(2)} % of the way`,
    `gap ${fate.gap.toPrecision(2)} of that`
  ].join(", ");
  return `${network} × ${gain} ${precision} ${JSON.stringify(text)} token ${token} init ${init}: ${pattern}${turned}, p ${p.toExponential(1)}; ${truth}`;
}
