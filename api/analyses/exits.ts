import {z} from "zod";
import {EXIT_RULES} from "../../analysis/exit/exitRules.ts";
import {exitCourse} from "../../analysis/exit/exitCourse.ts";
import type {ExitMoment, ExitRule} from "../../analysis/exit/exitRule.ts";
import {ARGMAX_STABILITY, ENTROPY_DIFFERENCE, KL_TO_PREVIOUS, MIN_P_KL} from "../../analysis/exit/readoutRules.ts";
import {divergenceAboveMinP, topAboveMinP, uniform, type AboveMinP} from "../../analysis/exit/topAboveMinP.ts";
import {exitTally, type ExitPath} from "../../analysis/exit/whatIf.ts";
import {stateAt, type States} from "../../analysis/states.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {EXIT_GATE, TOP_IDS, TOP_LOGPROBS} from "../../capture/trace/readoutNames.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import type {Exits} from "../contract/exitSchemas.ts";
import {numberOrNull} from "./numberOrNull.ts";
import {tokenChunks} from "./siteStates.ts";

type Readout = Readonly<Record<string, {readonly shape: readonly number[]; readonly data: Float32Array}>>;

/**
 * What each exit rule would have done with a run's trajectories, each as long as it was. Rules of the readout are read off the curves that the run keeps:
 * kl_prev is the rule's own direction, the likeliest token the first of the top ones; minp-kl is told of the trajectories whose top tokens
 * reach below a tenth of the likeliest at every step, and of no others. Throws a Refusal for a run without a readout.
 */
export async function exitsOfRun(reader: TraceReader): Promise<Exits> {
  const readout = await reader.readReadout();
  if (!readout) throw new Refusal("invalid run: it kept no readout; expected one, to compare answers", {kind: "unusable"});
  const lacking = READ.find((name) => !readout[name]);
  if (lacking !== undefined)
    throw new Refusal(`invalid run: its readout keeps no ${lacking}; expected ${READ.join(", ")}, to compare answers`, {kind: "unusable"});
  const {steps_written: steps} = reader.trace;
  if (steps < 1) throw new Refusal("invalid run: no step is written yet; expected at least one");
  const asked = EXIT_RULES.filter((rule) => rule.name === MIN_P_KL.name || whyNot(rule, readout) === undefined);
  const tallies = asked.map((rule) => ({rule, tally: exitTally(known(rule)), tokens: [] as Exits["rules"][number]["tokens"]}));
  let [paths, untold] = [0, 0];
  for await (const path of pathsOf(reader, readout)) {
    const isTold = path.isTold();
    paths += 1;
    untold += Number(!isTold);
    for (const {rule, tally, tokens} of tallies) {
      if (rule.name === MIN_P_KL.name && !isTold) continue;
      const {step, same, kl} = tally.add(path);
      tokens.push({index: path.index, init: path.init, step: step ?? null, same, kl: numberOrNull(kl)});
    }
  }
  const missing = EXIT_RULES.flatMap(({name, ...rule}) => {
    const why = name === MIN_P_KL.name ? whyUntold(untold, paths, readout) : whyNot({name, ...rule}, readout);
    return why === undefined ? [] : [{name, why}];
  });
  const rules = tallies
    .filter(({tokens}) => tokens.length > 0)
    .map(({rule: {name, threshold, formula, source}, tally, tokens}) => ({
      ...{name, threshold, formula, source},
      tokens: tokens.sort((a, b) => a.init - b.init || a.index - b.index),
      trades: tally.trades().map((trade) => ({...trade, kl: numberOrNull(trade.kl)}))
    }));
  return {steps, rules, missing};
}

const whyUntold = (count: number, of: number, readout: Readout): string | undefined =>
  count === 0
    ? undefined
    : `of ${count} of ${of} trajectories: the ${readout[TOP_IDS].shape[3]} likeliest tokens that the run keeps do not reach below a tenth of the likeliest`;

/** By trajectory and rule, the step at which it would have let it leave: null where never, or where the run does not tell. No answers are compared. */
export async function exitStepsOfRun(
  reader: TraceReader
): Promise<(init: number, token: number) => Readonly<Record<string, number | null>>> {
  const readout = await reader.readReadout();
  if (!readout || READ.some((name) => !readout[name]) || reader.trace.steps_written < 1) return () => ({});
  const rules = rulesFor(readout).map(known);
  const tokens = reader.trace.tokens.length;
  const steps = new Map<number, Readonly<Record<string, number | null>>>();
  for await (const path of pathsOf(reader, readout)) {
    const left = rules.map((rule) => [rule.name, exitCourse(rule, path.moments()).exit ?? null] as const);
    steps.set(path.init * tokens + path.index, Object.fromEntries(left));
  }
  return (init, token) => steps.get(init * tokens + token) ?? {};
}

/** What of a readout the rules and the comparison of answers take. */
const READ = ["entropy", "kl_prev", "kl_final", TOP_IDS, TOP_LOGPROBS];

type RunPath = ExitPath & {
  readonly index: number;
  readonly init: number;
  /** Whether the top tokens tell minp-kl at every step. */
  isTold(): boolean;
};

/** Every trajectory, read some tokens at a time and in the order [init][token] among these; to be looked at before the next. */
async function* pathsOf(reader: TraceReader, readout: Readout): AsyncGenerator<RunPath, void, undefined> {
  for await (const {tokens, states} of tokenChunks(reader, "state")) {
    for (let init = 0; init < states.inits; ++init)
      for (const [place, index] of tokens.entries()) yield {index, init, ...pathOf(readout, states, {reader, index, init, place})};
  }
}

const rulesFor = (readout: Readout): readonly ExitRule[] => EXIT_RULES.filter((rule) => whyNot(rule, readout) === undefined);

function whyNot({name, reads}: ExitRule, readout: Readout): string | undefined {
  if (name === MIN_P_KL.name) return "a run keeps no whole distributions"; // its top tokens tell it of some trajectories alone
  if (reads === "gate" && !readout[EXIT_GATE]) return "the model has no exit gate";
  return undefined;
}

/** A moment with what the run's curves say there, in the place of whole distributions. */
interface KnownMoment extends ExitMoment {
  readonly entropy: number;
  readonly klPrev: number;
  readonly top: number;
  /** What is above min-p, where the top tokens tell it. */
  above(): AboveMinP | undefined;
  readonly vocab: number;
}

/** The rule over a run's curves: those of the readout take their values from them. */
function known(rule: ExitRule): ExitRule {
  const start = KNOWN[rule.name];
  return start ? {...rule, start: start as ExitRule["start"]} : rule;
}

const KNOWN: Readonly<Record<string, () => (moment: KnownMoment) => number>> = {
  [KL_TO_PREVIOUS.name]:
    () =>
    ({step, klPrev}) =>
      step < 2 ? Number.NaN : klPrev, // step 1 is compared with a uniform one, which no run keeps
  [ENTROPY_DIFFERENCE.name]: () => {
    let before = Number.NaN;
    return ({step, entropy}) => {
      const difference = step < 2 ? Number.NaN : Math.abs(entropy - before);
      before = entropy;
      return difference;
    };
  },
  [MIN_P_KL.name]: () => {
    let before: AboveMinP | undefined;
    return ({step, above, vocab}) => {
      const now = step === 0 ? undefined : above();
      if (!now) return Number.NaN;
      const value = divergenceAboveMinP(before ?? uniform(vocab), now, vocab);
      before = now;
      return value;
    };
  },
  [ARGMAX_STABILITY.name]: () => {
    let [before, stable] = [-1, 0];
    return ({step, top}) => {
      if (step === 0) return Number.NaN;
      stable = top === before ? stable + 1 : 0;
      before = top;
      return stable;
    };
  }
};

interface Place {
  readonly reader: TraceReader;
  readonly index: number;
  readonly init: number;
  /** Of the token among those of the chunk. */
  readonly place: number;
}

function pathOf(readout: Readout, states: States, {reader, index, init, place}: Place): Omit<RunPath, "index" | "init"> {
  const tokens = reader.trace.tokens.length;
  const at = (name: string, step: number): number => {
    const {shape, data} = readout[name];
    const width = shape[3] ?? 1;
    return data[((step * states.inits + init) * tokens + index) * width];
  };
  const left = reader.trace.generated?.steps[index] ?? Infinity; // a position that left earlier is held where it was, and took no more steps
  const rows = Math.min(states.steps, left + 1);
  const curve = (name: string) => Float64Array.from({length: rows}, (_, step) => at(name, step));
  const top = curve(TOP_IDS);
  const vocab = vocabOf(reader.trace);
  const aboveAt = (step: number): AboveMinP | undefined => {
    const width = readout[TOP_IDS].shape[3];
    const from = ((step * states.inits + init) * tokens + index) * width;
    const topOf = (name: string) => readout[name].data.subarray(from, from + width);
    return vocab === undefined ? undefined : topAboveMinP(topOf(TOP_IDS), topOf(TOP_LOGPROBS), vocab);
  };
  let all: readonly (AboveMinP | undefined)[] | undefined; // only one rule looks at it
  const above = () => (all ??= Array.from({length: rows}, (_, step) => aboveAt(step)));
  return {
    top,
    isTold: () =>
      above()
        .slice(1)
        .every((one) => one !== undefined),
    klFinal: curve("kl_final"),
    *moments() {
      for (let step = 0; step < rows; ++step) {
        const moment: KnownMoment = {
          step,
          state: stateAt(states, step, place, init),
          width: states.width,
          entropy: at("entropy", step),
          klPrev: at("kl_prev", step),
          top: top[step],
          above: () => above()[step],
          vocab: vocab ?? Number.NaN,
          gate: readout[EXIT_GATE] && step > 0 ? at(EXIT_GATE, step) : undefined
        };
        yield moment;
      }
    }
  };
}

const vocabSchema = z.object({padded_vocab_size: z.number().optional(), vocab_size: z.number().optional()});

/** Rows of the head, which Huginn pads; undefined where the run does not tell. */
function vocabOf({model}: TraceReader["trace"]): number | undefined {
  const {padded_vocab_size: padded, vocab_size: own} = vocabSchema.safeParse(model.config).data ?? {};
  return padded ?? own;
}
