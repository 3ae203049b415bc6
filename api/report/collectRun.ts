import {DRAWN_MEASURES, READOUT_MEASURES, type MeasureKey} from "../../analysis/measures/measures.ts";
import {z} from "zod";
import {STATE} from "../../capture/model/site.ts";
import type {RunSpectrum} from "../../capture/spectrum/spectrumSchema.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import type {Tensor} from "../../capture/trace/safetensors.ts";
import {TOP_IDS, TOP_LOGPROBS} from "../../capture/trace/readoutNames.ts";
import type {Trace} from "../../capture/trace/schema.ts";
import {metricsMessage} from "../analyses/metrics.ts";
import {runPatterns} from "../analyses/patterns.ts";
import {projectionMessage} from "../analyses/projection.ts";
import {isWitnessed, withWitness} from "../analyses/witness.ts";
import {patternsSchema, type PatternAnswer, type Patterns, type ProjectionQuery} from "../contract/contract.ts";
import {spectrumNote, witnessNote} from "./methods/jacobian.ts";
import {patternNotes} from "./methods/labels.ts";
import {readoutNotes, stateNotes} from "./methods/measures.ts";
import {leftOutNote, pathNotes, sampledNote} from "./methods/paths.ts";
import {modelWords} from "./modelWords.ts";
import {packNumbers} from "./packing.ts";
import {runProvenance} from "./provenance.ts";
import {reportPortraits} from "./reportPortraits.ts";
import {repeatCommand} from "./repeatCommand.ts";
import type {Note} from "../contract/noteSchemas.ts";
import {REPORT_SCHEMA, type ReportSpectrum, type ReportSummary, type ReportVerdict, type RunReport} from "../contract/reportData.ts";
import {runPaths} from "./runPaths.ts";
import {titleOfRun} from "../runs/titleOfRun.ts";
import {convergenceOf} from "./labelSentences.ts";
import {sentencesOf} from "./sentences.ts";
import {tensorsOf} from "./tensorsOf.ts";

/** Analyses of a run as their messages, as the server keeps them: patterns as JSON, the others safetensors. */
export interface RunAnswers {
  readonly metrics: Uint8Array;
  readonly patterns: Uint8Array;
  readonly projection: Uint8Array;
}

export interface CollectRunOptions {
  /** Analyses that are there already; computed where they are not. */
  readonly answers?: RunAnswers;
  /** The checkpoint's folder, for the texts of the tokens in the readouts; without it only the prompt's own are known. */
  readonly model?: string;
  /** Spectra that have been computed, or how to compute what the labels ask for; the one at the last state with the most tokens is drawn. Defaults to none. */
  readonly spectra?: readonly RunSpectrum[] | ((patterns: Patterns) => Promise<readonly RunSpectrum[]>);
  /** What the run is called, where a person has renamed it; defaults to the trace's own title. */
  readonly title?: string;
  /** What a person wrote on the run and its tokens; defaults to nothing. */
  readonly notes?: readonly Note[];
}

/** The site that a report is about. */
export const SITE = STATE;
const COMPONENTS = 6; // as the authors' rotations view
const MOST_WORDS = 5; // top tokens shown at each state

/** The projection that a report draws. */
export const reportProjection = ({width}: Pick<Trace, "width">): ProjectionQuery => ({
  method: "pca",
  dims: Math.min(COMPONENTS, Math.max(2, width)),
  fit: "all",
  site: SITE,
  seed: 0
});

const MOST_DRAWN = 1_000_000; // states: each takes some hundred bytes of a page, and a text of V8's ends at 512 MB

/** Throws a Refusal for a run of more states than one page can show. */
export function refuseUndrawable({steps_written: last, inits, tokens}: Pick<Trace, "steps_written" | "inits" | "tokens">): void {
  const states = (last + 1) * inits.length * tokens.length;
  if (states > MOST_DRAWN)
    throw new Refusal(
      `invalid run for a report: ${states} states (${last + 1} × ${inits.length} × ${tokens.length}); expected at most ${MOST_DRAWN}; analyze, project and export take runs of any size`
    );
}

/** Gathers everything that the report of a run shows. Throws a Refusal for a run without a step, one too large to be drawn, and for states that are not finite. */
export async function collectRun(
  reader: TraceReader,
  {model, spectra: known = [], title, notes = [], answers}: CollectRunOptions = {}
): Promise<RunReport> {
  const {trace} = reader;
  refuseUndrawable(trace);
  const metrics = tensorsOf(answers?.metrics ?? (await metricsMessage(reader, SITE)));
  const projection = tensorsOf(answers?.projection ?? (await projectionMessage(reader, reportProjection(trace))));
  const readout = await readoutOf(reader);
  const topIds = readout.get(TOP_IDS);
  const words = topIds
    ? await modelWords(
        reader,
        [...new Set(topIds.data)].sort((a, b) => a - b),
        model
      )
    : {};
  const labelled = answers
    ? patternsSchema.parse(JSON.parse(new TextDecoder().decode(answers.patterns)))
    : await runPatterns(reader, SITE, {argued: true});
  const spectra = typeof known === "function" ? await known(labelled) : known;
  const [spectrum] = [...spectra].sort((a, b) => b.tokens.length - a.tokens.length);
  const patterns = isWitnessed(trace) ? withWitness(labelled, spectra, trace) : labelled;
  const bad = labelled.tokens.filter(({bad_from}) => bad_from !== null).map(({index: token, init}) => ({token, init}));
  const {paths, no_paths, sampled, leftOut} = await runPaths(reader, {topIds, words, bad});
  const verdicts = patterns.tokens.map(verdictLine);
  const summary = summaryOf(trace, {title, patterns, paths, explained: [...projection.get("explained")!.data]});
  const sentences = sentencesOf({summary, verdicts, paths, tokens: trace.tokens, lastLogprobs: lastLogprobs(readout.get(TOP_LOGPROBS))});
  const numbers = [["points", projection.get("points")!] as const, ...metrics, ...readout];
  return {
    schema: REPORT_SCHEMA,
    kind: "run",
    summary: {...summary, sentences},
    provenance: runProvenance(trace),
    command: repeatCommand(trace),
    methods: [
      ...stateNotes,
      ...patternNotes(patterns.summary),
      ...(paths ? pathNotes() : []),
      ...(sampled === undefined ? [] : [sampledNote(sampled, trace.tokens.length)]),
      ...(leftOut === undefined ? [] : [leftOutNote(leftOut)]),
      ...(spectrum ? [spectrumNote, witnessNote] : []),
      ...(trace.readout ? readoutNotes(trace.readout) : [])
    ],
    tokens: trace.tokens,
    site: SITE,
    lens: trace.readout?.lens ?? null,
    verdicts,
    paths,
    no_paths,
    spectrum: spectrum ? spectrumOf(spectrum) : null,
    notes: [...notes],
    portraits: await reportPortraits(reader, SITE, verdicts),
    words,
    numbers: Object.fromEntries(numbers.map(([name, {data, shape}]) => [name, packNumbers(data, shape)]))
  };
}

const isDrawn = (name: MeasureKey): boolean => DRAWN_MEASURES.some((drawn) => drawn === name);

/** The readouts that the report draws, by name; empty where the run kept none. */
async function readoutOf(reader: TraceReader): Promise<ReadonlyMap<string, Tensor>> {
  const tensors = new Map(Object.entries((await reader.readReadout()) ?? {}));
  const shown = new Map<string, Tensor>();
  for (const name of READOUT_MEASURES.filter(isDrawn)) if (tensors.has(name)) shown.set(name, tensors.get(name)!);
  const [ids, logprobs] = [tensors.get(TOP_IDS), tensors.get(TOP_LOGPROBS)];
  if (ids && logprobs && ids.data.length > 0) {
    const first = firstOf(ids);
    shown.set(TOP_IDS, {...first, data: Int32Array.from(first.data)}).set(TOP_LOGPROBS, firstOf(logprobs));
  }
  return shown;
}

/** The first few along the last axis. */
function firstOf({shape, data}: Tensor): {shape: readonly number[]; data: Float32Array} {
  const top = shape.at(-1)!;
  const kept = Math.min(MOST_WORDS, top);
  const rows = data.length / top;
  const first = new Float32Array(rows * kept);
  for (let row = 0; row < rows; ++row) first.set(data.subarray(row * top, row * top + kept), row * kept);
  return {shape: [...shape.slice(0, -1), kept], data: first};
}

function verdictLine({index, text: _, evidence, arguments: __, ...verdict}: PatternAnswer): ReportVerdict {
  if (!evidence) throw new Error("missing evidence: a report says why not");
  return {
    ...verdict,
    token: index,
    against: {converging: againstOf(evidence.converging), orbit: againstOf(evidence.orbit), slider: againstOf(evidence.slider)}
  };
}

const evidenceSchema = z.object({against: z.array(z.string()), unsure: z.string().optional()});

/** What spoke against a label, or why nothing spoke for it beyond chance; a label that was not tested says so. */
function againstOf(evidence: unknown): string[] {
  if (evidence === undefined || evidence === null) return ["too few steps to test"];
  const {against, unsure} = evidenceSchema.parse(evidence);
  return against.length === 0 && unsure !== undefined ? [unsure] : against;
}

const spectrumOf = ({step, tokens, sequence}: RunSpectrum): ReportSpectrum => ({
  step,
  tokens: tokens.map(({index, init, eigenvalues, residuals}) => ({token: index, init, eigenvalues, residuals})),
  sequence: sequence.eigenvalues
});

interface SummaryParts {
  readonly title: string | undefined;
  readonly patterns: Patterns;
  readonly paths: RunReport["paths"];
  readonly explained: number[];
}

function summaryOf(
  trace: Trace,
  {title, patterns: {tokens: verdicts, summary}, paths, explained}: SummaryParts
): Omit<ReportSummary, "sentences"> {
  const {counts, alpha, noise_floor, rounding_floor, precision} = summary;
  return {
    kind: "run",
    title: title ?? titleOfRun(trace),
    status: trace.status,
    stopped: trace.stopped,
    model: {name: trace.model.name, hash: trace.model.hash, revision: trace.model.revision},
    prompt: trace.prompt,
    prompts: 1,
    tokens: trace.tokens.length,
    steps: trace.steps,
    steps_written: trace.steps_written,
    inits: trace.inits.length,
    trained_steps: trace.trained_steps,
    ...(trace.generated && {generated_from: trace.generated.from}),
    created: trace.created,
    patterns: {counts, alpha, noise_floor, rounding_floor, precision},
    ...convergenceOf(verdicts),
    explained,
    independence: paths && countsOf(paths.tokens)
  };
}

function countsOf(tokens: NonNullable<RunReport["paths"]>["tokens"]): ReportSummary["independence"] {
  const count = (verdict: string): number => tokens.filter((token) => token.verdict === verdict).length;
  return {independent: count("independent"), dependent: count("dependent"), unfinished: count("unfinished")};
}

/** Log-probability of the last token's answer at the last step, by init. */
function lastLogprobs(logprobs: Tensor | undefined): number[] | undefined {
  if (!logprobs) return undefined;
  const [steps, inits, tokens, top] = logprobs.shape;
  return Array.from({length: inits}, (_, init) => logprobs.data[(((steps - 1) * inits + init) * tokens + tokens - 1) * top]);
}
