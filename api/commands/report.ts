import {examples} from "./options.ts";
import {stat, writeFile} from "node:fs/promises";
import {join} from "node:path";
import type {Command} from "commander";
import type {RunSpectrum} from "../../capture/spectrum/spectrumSchema.ts";
import {openTrace} from "../../capture/trace/reader.ts";
import type {Trace} from "../../capture/trace/schema.ts";
import {isFolderThere} from "../../capture/trace/ifThere.ts";
import {TRACE_FILE} from "../../capture/trace/writer.ts";
import {isFileAt} from "../files/places.ts";
import {intoPlace} from "../files/intoPlace.ts";
import {SPEC_FILE} from "../experiments/experimentFolder.ts";
import {CENSUS_FILE} from "../census/censusFolder.ts";
import {isWitnessed, witnessQuestions} from "../analyses/witness.ts";
import {keptSpectra} from "../report/keptSpectra.ts";
import {collectCensus} from "../report/collectCensus.ts";
import {collectExperiment} from "../report/collectExperiment.ts";
import {collectRun} from "../report/collectRun.ts";
import {readCard} from "../runs/runCard.ts";
import {printPdf} from "../report/printPdf.ts";
import type {Patterns} from "../contract/contract.ts";
import type {ReportData} from "../contract/reportData.ts";
import {partialLine, reportPage} from "../report/reportPage.ts";
import {reportScript} from "../report/reportScript.ts";
import {collectTraining, isTraining} from "../report/training/collectTraining.ts";
import {sentenceOf, trainingPage} from "../report/training/trainingPage.ts";
import {runFolder} from "./runFolder.ts";
import {modelOfRun, runSpectra} from "./runSpectra.ts";
import {note, print, printJson} from "./print.ts";
import {asUsageErrors, userPath} from "./usage.ts";

interface ReportOptions {
  readonly out: string;
  readonly pdf?: string;
  readonly model?: string;
  readonly spectrum?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function addReport(verb: Command): void {
  verb
    .requiredOption("--out <file>", "the HTML file to make")
    .option("--pdf <file>", "print it as a PDF as well, with the system's Chromium")
    .option(
      "--model <folder>",
      "the checkpoint folder of the run's model, for the texts of the tokens in the readouts and for --spectrum (default: the model that ships, where it has that name)"
    )
    .option("--spectrum", "compute the leading eigenvalues of the core step's Jacobian as well, as orrery spectrum does")
    .option("--force", "replace what is there")
    .option("--json", "print one JSON document on stdout and nothing else")
    .addHelpText("after", examples("report sum-and-parity --out report.html --pdf report.pdf"))
    .action(writeReport);
}

async function writeReport(folder: string, {out, pdf, model, spectrum, force, json}: ReportOptions): Promise<void> {
  const [htmlFile, pdfFile] = [userPath(out), pdf === undefined ? undefined : userPath(pdf)];
  const training = await trainingFolder(folder);
  if (training !== undefined) {
    const report = await collectTraining(training);
    await writeReports(trainingPage(report), {htmlFile, pdfFile, force});
    const {size} = await stat(htmlFile);
    if (json) return printJson({report: htmlFile, ...(pdfFile ? {pdf: pdfFile} : {}), kind: "training", title: report.title, bytes: size});
    for (const run of report.runs) await print(sentenceOf(run, report.control));
    await print(
      `${htmlFile}: report of ${report.runs.length === 1 ? "a training run" : `${report.runs.length} training runs`}, ${size} bytes`
    );
    if (pdfFile) await print(`${pdfFile}: the same, printed`);
    return;
  }
  const report = await asUsageErrors(collected(await runFolder(folder), {model, spectrum}));
  const partial = partialLine(report);
  if (partial) note(partial);
  const page = reportPage(report, await reportScript());
  await writeReports(page, {htmlFile, pdfFile, force});
  const {size} = await stat(htmlFile);
  const {kind, title, status} = report.summary;
  if (json) return printJson({report: htmlFile, ...(pdfFile ? {pdf: pdfFile} : {}), kind, title, status, bytes: size});
  await print(`${htmlFile}: report of ${`${kind === "experiment" ? "an" : "a"} ${kind}`}, ${size} bytes${partial ? ", partial" : ""}`);
  if (pdfFile) await print(`${pdfFile}: the same, printed`);
}

/** A folder of the user's that is a training run, or holds some; undefined for any other. */
async function trainingFolder(folder: string): Promise<string | undefined> {
  const path = userPath(folder);
  return (await isFolderThere(path)) && (await isTraining(path)) ? path : undefined;
}

interface ReportFiles {
  readonly htmlFile: string;
  readonly pdfFile: string | undefined;
  readonly force: boolean | undefined;
}

async function writeReports(page: string, {htmlFile, pdfFile, force}: ReportFiles): Promise<void> {
  await intoPlace(htmlFile, (temporary) => writeFile(temporary, page), {overwrite: force});
  if (pdfFile) await intoPlace(pdfFile, (temporary) => printPdf(htmlFile, temporary), {overwrite: force});
}

async function collected(folder: string, {model, spectrum}: Pick<ReportOptions, "model" | "spectrum">): Promise<ReportData> {
  if (await isFileAt(join(folder, TRACE_FILE))) {
    const reader = await openTrace(folder);
    try {
      const {trace} = reader;
      const checkpoint = await modelOfRun(trace, model);
      const spectra = spectrum ? (patterns: Patterns) => askedSpectra(folder, trace, {model, patterns}) : await keptSpectra(folder, trace);
      const {title, notes} = (await readCard(folder)).card;
      return await collectRun(reader, {model: checkpoint, spectra, title, notes});
    } finally {
      await reader.close();
    }
  }
  if (await isFileAt(join(folder, SPEC_FILE))) return collectExperiment(folder);
  if (await isFileAt(join(folder, CENSUS_FILE))) return collectCensus(folder);
  throw new Error(`unknown folder: ${folder}; expected a run (${TRACE_FILE}), an experiment (${SPEC_FILE}) or a census (${CENSUS_FILE})`);
}

/** The spectrum at the last state of the first init, and what its labels ask for beside it. */
function askedSpectra(
  folder: string,
  trace: Trace,
  {model, patterns}: {readonly model: string | undefined; readonly patterns: Patterns}
): Promise<RunSpectrum[]> {
  const turns = isWitnessed(trace) ? witnessQuestions(patterns, 0).filter(({period}) => period !== undefined) : [];
  return runSpectra(folder, trace, {model, questions: [{init: 0}, ...turns]});
}
