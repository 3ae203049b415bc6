import {createHash} from "node:crypto";
import {existsSync} from "node:fs";
import {open, writeFile, type FileHandle} from "node:fs/promises";
import {join} from "node:path";
import {ensureFolder} from "../../capture/trace/ensureFolder.ts";
import {pathsSummary, type PathsSummary, type PromptFacts} from "../../analysis/paths/summary.ts";
import {seededRandom} from "../../analysis/random.ts";
import {parseJson} from "../../capture/trace/json.ts";
import {TraceFormatError} from "../../capture/trace/safetensorsHeader.ts";
import {textFileIfThere} from "../../capture/trace/textFile.ts";
import {isBeingWritten, markWriter} from "../../capture/trace/writerMark.ts";
import {putKeptJson, readKeptJson, saveKeptJson} from "../files/kept.ts";
import {keptLines, sealedLine, unsealed, wholeLines, type KeptLine} from "../files/keptLines.ts";
import {cutToWholeLines, mendLines, type LinesState} from "../files/mendLines.ts";
import {sweepPassing} from "../files/passing.ts";
import {refuseOccupied} from "../files/refuseOccupied.ts";
import {replaceFile} from "../../capture/trace/replaceFile.ts";
import {checkLine} from "../contract/checkLine.ts";
import {readPromptLines} from "../captures/promptFile.ts";
import {
  experimentOptions,
  experimentSpecSchema,
  promptResultSchema,
  type ExperimentPrompt,
  type ExperimentSpec,
  type PromptResult
} from "../contract/experimentSchemas.ts";
import type {Lease} from "../../capture/trace/lease.ts";
import {diskFault, isDiskFault, Refusal} from "../../capture/trace/refusal.ts";

/**
 * An experiment is a folder: spec.json, prompts.jsonl, results.jsonl (a line for each finished prompt, in their order), summary.json once all
 * are finished, and traces/ of the prompts whose states were to be kept.
 */
export const SPEC_FILE = "spec.json";
const PROMPTS_FILE = "prompts.jsonl";
const MAX_TEXT_BYTES = 256 * 2 ** 20; // of a spec, or of all prompts
export const RESULTS_FILE = "results.jsonl";
const SUMMARY_FILE = "summary.json";

/** A folder that is being written to by this process. */
export interface OpenExperiment extends LinesState {
  readonly dir: string;
  readonly spec: ExperimentSpec;
  readonly prompts: readonly ExperimentPrompt[];
  /** Writes the results anew, with those of damaged prompts, JSON by prompt. */
  mend(results: ReadonlyMap<number, string>): Promise<void>;
  /** Takes the result of the next prompt, as JSON. */
  append(json: string): Promise<void>;
  /** Writes summary.json from the results on disk. Throws where some are missing. */
  complete(): Promise<PathsSummary>;
  close(): Promise<void>;
}

/** Hash of the prompts as they lie in the folder: what makes two experiments about the same prompts. */
export const promptsHash = (prompts: readonly ExperimentPrompt[]): string => createHash("sha256").update(promptText(prompts)).digest("hex");

const promptText = (prompts: readonly ExperimentPrompt[]): string =>
  prompts.map(({prompt, answer}) => `${JSON.stringify({prompt, answer})}\n`).join("");

/**
 * Makes an experiment's folder, or goes on with one that was made under the same spec: a last line that a kill cut short is cut off, lines that cannot be read are named for `mend`. Throws an Error that
 * names both models, or the option and both its values, where the folder was made under another spec, and one where somebody writes it.
 */
export async function openExperiment(dir: string, spec: ExperimentSpec, prompts: readonly ExperimentPrompt[]): Promise<OpenExperiment> {
  const before = await specIn(dir);
  if (before) refuseOther(dir, before, spec);
  else await refuseOccupied(dir, {what: "experiment", begun: [PROMPTS_FILE]});
  if (await isBeingWritten(dir)) throw new Refusal(`experiment in use: ${dir} is being written by another process`, {kind: "conflict"});
  await ensureFolder(dir);
  const lease = await markWriter(dir);
  await sweepPassing(dir);
  try {
    if (!before) {
      await writeFile(join(dir, PROMPTS_FILE), promptText(prompts));
      await replaceFile(join(dir, SPEC_FILE), `${JSON.stringify(spec, undefined, 1)}\n`); // last: without it the folder is no experiment
    }
    const lines = await cutToWholeLines(join(dir, RESULTS_FILE), linesOf(spec));
    return writing({dir, spec: before ?? spec, prompts, ...lines}, {lease, file: await open(join(dir, RESULTS_FILE), "a")});
  } catch (error) {
    await lease.release();
    throw diskFault(error, dir);
  }
}

function writing(
  experiment: LinesState & Pick<OpenExperiment, "dir" | "spec" | "prompts">,
  {lease, file: opened}: {readonly lease: Lease; readonly file: FileHandle}
): OpenExperiment {
  const {dir, spec} = experiment;
  let file = opened;
  return {
    ...experiment,
    async append(json) {
      if (lease.lost) throw new Refusal(`experiment in use: ${dir} was taken by another process`, {kind: "conflict"});
      await file.appendFile(`${sealedLine(json)}\n`).catch((error: unknown) => {
        throw diskFault(error, dir);
      });
    },
    async mend(results) {
      await file.close();
      await mendLines(join(dir, RESULTS_FILE), linesOf(spec), results);
      file = await open(join(dir, RESULTS_FILE), "a");
    },
    async complete() {
      const summary = await summaryFrom(dir, spec);
      await putKeptJson(join(dir, SUMMARY_FILE), summary).catch((error: unknown) => {
        throw diskFault(error, dir);
      });
      return summary;
    },
    async close() {
      await file.close();
      await lease.release();
    }
  };
}

/** What a folder says: complete once its summary is written. */
export interface ExperimentState {
  readonly spec: ExperimentSpec;
  readonly finished: number;
  readonly live: boolean;
  readonly summary: PathsSummary | null;
}

/** Reads a folder's state. Throws an Error that names the folder where it holds no experiment. */
export async function readExperiment(dir: string): Promise<ExperimentState> {
  const spec = await specIn(dir);
  if (!spec) throw new Refusal(`not an experiment: ${dir} has no ${SPEC_FILE}`, {kind: "unknown"});
  const path = join(dir, SUMMARY_FILE);
  const [live, kept] = await Promise.all([isBeingWritten(dir), readKeptJson(path)]);
  if (kept) return {spec, finished: spec.prompts.count, live, summary: kept as PathsSummary}; // a list of many need not read all their results
  const finished = Math.min(await countLines(join(dir, RESULTS_FILE)), spec.prompts.count);
  const wasWhole = finished === spec.prompts.count && !live && existsSync(path);
  return {spec, finished, live, summary: wasWhole ? await summaryAgain(dir, spec) : null};
}

/** The summary of a complete experiment whose file cannot be read; null where a result cannot be read either. */
async function summaryAgain(dir: string, spec: ExperimentSpec): Promise<PathsSummary | null> {
  try {
    const summary = await summaryFrom(dir, spec);
    await saveKeptJson(join(dir, SUMMARY_FILE), summary);
    return summary;
  } catch (error) {
    if (error instanceof Refusal || isDiskFault(error)) return null;
    throw error;
  }
}

/** The results of finished prompts, by their lines. `from` is where to begin, if not at the first of them. */
export const resultsIn = (
  dir: string,
  spec: Pick<ExperimentSpec, "prompts">,
  from: {readonly start?: number; readonly lines?: number; readonly first?: number} = {}
): AsyncGenerator<KeptLine<PromptResult>, void, undefined> => keptLines(join(dir, RESULTS_FILE), {...from, ...linesOf(spec)});

const linesOf = ({prompts}: Pick<ExperimentSpec, "prompts">) => ({schema: promptResultSchema, count: prompts.count});

/** The results of finished prompts, and what is wrong with those that cannot be read. */
export async function readResults(
  dir: string,
  spec: Pick<ExperimentSpec, "prompts">
): Promise<{readonly results: PromptResult[]; readonly damage: string[]}> {
  const results: PromptResult[] = [];
  const damage: string[] = [];
  for await (const line of resultsIn(dir, spec)) {
    if ("value" in line) results.push(line.value);
    else damage.push(line.damage);
  }
  return {results, damage};
}

/** The results of finished prompts as they stand in the folder, one JSON text each. */
export async function* readResultTexts(dir: string): AsyncGenerator<string, void, undefined> {
  let number = 0;
  for await (const {text} of wholeLines(join(dir, RESULTS_FILE))) yield unsealed(text, `${join(dir, RESULTS_FILE)} line ${++number}`);
}

export const readExperimentPrompts = (dir: string): Promise<ExperimentPrompt[]> => readPromptLines(join(dir, PROMPTS_FILE));

async function summaryFrom(dir: string, spec: ExperimentSpec): Promise<PathsSummary> {
  const facts: PromptFacts[] = [];
  for await (const line of resultsIn(dir, spec)) {
    if (!("value" in line)) throw new Refusal(line.damage, {kind: "damaged"});
    facts.push(factsOf(line.value));
  }
  if (facts.length !== spec.prompts.count)
    throw new Refusal(`invalid results: ${facts.length} of ${spec.prompts.count} prompts are finished`, {kind: "damaged"});
  return pathsSummary(facts, {random: seededRandom(spec.seed)});
}

/** A result without its curves, of which thousands need not be held. */
export const factsOf = ({tokens, sequence: {verdict, basin}, landscape}: PromptResult): PromptFacts => ({
  tokens: tokens.map((token) => ({
    verdict: token.verdict,
    aa_noise: token.aa_noise,
    aa_swap: token.aa_swap,
    final_cosine: token.final_cosine,
    rate: token.rate,
    reached_step: token.reached_step,
    reached: token.reached,
    phases: token.phases,
    period: token.period,
    answer_share: token.answer_share,
    answer_step: token.answer_step
  })),
  sequence: {verdict, basin},
  landscape
});

async function specIn(dir: string): Promise<ExperimentSpec | undefined> {
  const path = join(dir, SPEC_FILE);
  const text = await textOf(path);
  if (text === undefined) return undefined;
  const value = parsedJson(text, path);
  const parsed = experimentSpecSchema.safeParse(value);
  if (!parsed.success) throw new Refusal(`not an experiment: ${path}: ${checkLine(parsed.error, value)}`, {kind: "damaged"});
  return parsed.data;
}

function refuseOther(dir: string, before: ExperimentSpec, now: ExperimentSpec): void {
  const model = ({name, hash}: ExperimentSpec["model"]): string => `${name} (${hash.slice(0, 12)})`;
  if (before.model.name !== now.model.name || before.model.hash !== now.model.hash)
    throw new Refusal(`invalid experiment folder: ${dir} was made with model ${model(before.model)}; expected ${model(now.model)}`, {
      kind: "conflict"
    });
  const differs = (name: string, was: unknown, is: unknown) => {
    if (JSON.stringify(was) !== JSON.stringify(is))
      throw new Refusal(`invalid experiment folder: ${dir} was made with ${name} ${JSON.stringify(was)}; expected ${JSON.stringify(is)}`, {
        kind: "conflict"
      });
  };
  differs("prompts", before.prompts, now.prompts);
  for (const name of Object.keys(experimentOptions) as (keyof typeof experimentOptions)[]) differs(name, before[name], now[name]);
  differs("version", before.software.version, now.software.version);
}

async function countLines(path: string): Promise<number> {
  let lines = 0;
  for await (const _ of wholeLines(path)) ++lines;
  return lines;
}

function parsedJson(text: string, where: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new Refusal(`invalid ${where}: ${(cause as Error).message}`, {kind: "damaged", cause});
  }
}

const textOf = (path: string): Promise<string | undefined> => textFileIfThere(path, {maxBytes: MAX_TEXT_BYTES, error: TraceFormatError});
