import {createHash} from "node:crypto";
import {copyFile, stat, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {ensureFolder} from "../../capture/trace/ensureFolder.ts";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {openTrace, type TraceReader} from "../../capture/trace/reader.ts";
import {TOP_IDS} from "../../capture/trace/readoutNames.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {READOUT_FILE, STATES_FILE, TEXTS_FILE, TRACE_FILE} from "../../capture/trace/writer.ts";
import {galleryQuestion} from "../contract/galleryQuestions.ts";
import {withArguments} from "../contract/withArguments.ts";
import {patternsSchema, type GalleryRun, type KeptAnswer, type Note, type Run, type RunSummary} from "../contract/contract.ts";
import {reportProjection, SITE} from "../report/collectRun.ts";
import {keptSpectra} from "../report/keptSpectra.ts";
import {modelWords} from "../report/modelWords.ts";
import {runReportPage} from "../report/runReportPage.ts";
import {labelCounts} from "../work/runLabels.ts";
import {answerOf, galleryQuestions, jsonBytes, type GalleryQuestion} from "./runAnswers.ts";

/** A run that was looked at and can be shown. */
export interface ShownRun {
  /** Its name in the gallery. */
  readonly id: string;
  readonly dir: string;
  readonly summary: RunSummary;
  readonly notes: readonly Note[];
  /** The checkpoint's folder, where it is at hand: for the texts of the readouts. */
  readonly model: string | undefined;
}

export interface GalleryRunOptions {
  /** Sites whose states are measured and labelled; the first is `state`. */
  readonly sites: readonly string[];
  readonly umap: boolean;
  /** Told of each file that was written; throws where it is too much. */
  readonly written: (bytes: number) => void;
  /** Told when a question has been answered. */
  readonly answered: () => void;
}

/** The files of a trace that a gallery has as they are. */
const TRACE_FILES = [TRACE_FILE, STATES_FILE, READOUT_FILE, TEXTS_FILE];

/** What the files of a trace take that a gallery copies. */
export async function copiedBytes(dir: string): Promise<number> {
  const sizes = await Promise.all(TRACE_FILES.map(async (name) => (await ifThere(stat(join(dir, name)), undefined))?.size ?? 0));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Writes a run's folder: its trace as it is, and beside it the answers to all that the page asks. Throws a Refusal where there is nothing to show. */
export async function writeGalleryRun(run: ShownRun, folder: string, options: GalleryRunOptions): Promise<GalleryRun> {
  await ensureFolder(folder);
  const reader = await openTrace(run.dir);
  try {
    const files = fileKeeper(folder, options.written);
    for (const name of TRACE_FILES) await files.copy(join(run.dir, name), name);
    const answers: Record<string, KeptAnswer> = {};
    const known = new Map<string, Uint8Array>(); // what the report and the list are made of
    const keep = async (asked: GalleryQuestion): Promise<void> => {
      const answer = await answerOf(asked);
      if (answer instanceof Refusal) answers[asked.question] = {refused: answer.message};
      else {
        answers[asked.question] = {file: asked.file};
        if (REPORTED.includes(asked.question)) known.set(asked.question, answer);
        await files.write(asked.file, answer);
      }
      options.answered();
    };
    for (const asked of galleryQuestions(reader, options)) await keep(asked);
    for (const asked of wholeQuestions(reader, run, known)) await keep(asked);
    if (reader.trace.readout) answers[galleryQuestion("readout")] = {file: READOUT_FILE};
    const summary = {...run.summary, id: run.id, live: false, example: false, bytes: files.bytes};
    await files.write("run.json", jsonBytes(shownRun(reader, summary, options.sites)));
    answers[galleryQuestion("run")] = {file: "run.json"};
    return {...summary, bytes: files.bytes, labels: labelsOf(known, summary), version: files.version(), answers, files: files.list};
  } finally {
    await reader.close();
  }
}

const [METRICS, PATTERNS, ARGUMENTS] = (["metrics", "patterns", "arguments"] as const).map((name) => galleryQuestion(name, {site: SITE}));
const projectionQuestion = ({method, dims, fit, site}: ReturnType<typeof reportProjection>): string =>
  galleryQuestion("projection", {method, dims, fit, site});
const REPORTED = [METRICS, PATTERNS, ARGUMENTS, projectionQuestion(reportProjection({width: Infinity}))];

/** What is asked of a run as a whole, after its sites. */
function wholeQuestions(
  reader: TraceReader,
  {dir, summary, notes, model}: ShownRun,
  known: ReadonlyMap<string, Uint8Array>
): GalleryQuestion[] {
  const {trace} = reader;
  const report = async (): Promise<Uint8Array> => {
    const [metrics, labels, kept, projection] = [METRICS, PATTERNS, ARGUMENTS, projectionQuestion(reportProjection(trace))].map((name) =>
      known.get(name)
    );
    const parsed = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes));
    const patterns = labels && kept && jsonBytes(withArguments(parsed(labels), parsed(kept)));
    const answers = metrics && patterns && projection ? {metrics, patterns, projection} : undefined;
    const spectra = await keptSpectra(dir, trace);
    return new TextEncoder().encode(await runReportPage(reader, {title: summary.title, notes, model, spectra, answers}));
  };
  return [
    {question: galleryQuestion("texts"), file: "texts.json", answer: async () => jsonBytes({texts: await textsOf(reader, model)})},
    {question: galleryQuestion("notes"), file: "notes.json", answer: async () => jsonBytes({notes})},
    {question: galleryQuestion("spectra"), file: "spectra.json", answer: async () => jsonBytes({spectra: await keptSpectra(dir, trace)})},
    {question: galleryQuestion("report"), file: "report.html", answer: report}
  ];
}

/** How the ids of a readout read, as far as it can be known without the page's asking. */
async function textsOf(reader: TraceReader, model: string | undefined): Promise<Readonly<Record<string, string>>> {
  const ids = (await reader.readReadout())?.[TOP_IDS]?.data ?? []; // asked for by name it would have to be there
  return modelWords(
    reader,
    [...new Set(ids)].sort((a, b) => a - b),
    model
  );
}

/** A run as its page is told of it: with the sites and the lens that the gallery has. */
function shownRun({trace}: TraceReader, summary: RunSummary, sites: readonly string[]): Run {
  const lenses = trace.lenses?.filter(({name}) => name === trace.readout?.lens);
  return {summary, trace: {...trace, ...(lenses && {lenses})}, sites: [...sites], constants: []};
}

function labelsOf(known: ReadonlyMap<string, Uint8Array>, {steps_written}: RunSummary): GalleryRun["labels"] {
  const [metrics, patterns] = [known.get(METRICS), known.get(PATTERNS)];
  if (!metrics || !patterns) return null;
  return labelCounts(patternsSchema.parse(JSON.parse(new TextDecoder().decode(patterns))), metrics, steps_written);
}

/** Writes into a folder, and knows what it wrote. */
function fileKeeper(folder: string, told: (bytes: number) => void) {
  const hash = createHash("sha256");
  const list: {name: string; bytes: number}[] = [];
  const add = (name: string, bytes: number): void => {
    list.push({name, bytes});
    told(bytes);
  };
  return {
    list,
    get bytes() {
      return list.reduce((sum, {bytes}) => sum + bytes, 0);
    },
    version: () => hash.digest("hex").slice(0, 12),
    async write(name: string, bytes: Uint8Array): Promise<void> {
      hash.update(name).update(bytes);
      await writeFile(join(folder, name), bytes);
      add(name, bytes.length);
    },
    /** None where it is not there. What is computed from it tells the version. */
    async copy(from: string, name: string): Promise<void> {
      const found = await ifThere(stat(from), undefined);
      if (!found) return;
      await copyFile(from, join(folder, name));
      add(name, found.size);
    }
  };
}
