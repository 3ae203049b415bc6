import type {RunSpectrum} from "../../capture/spectrum/spectrumSchema.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import type {CensusPictureQuery, CensusRowsQuery, PathPictureQuery} from "../contract/censusAnswers.ts";
import type {NearQuery, Note, PortraitQuery, ProjectionQuery} from "../contract/contract.ts";
import type {ExportOptions} from "../exchange/exportRun.ts";
import type {RunAnswers} from "../report/collectRun.ts";
import {differenceMessage} from "../analyses/difference.ts";
import {exitsOfRun} from "../analyses/exits.ts";
import {metricsMessage} from "../analyses/metrics.ts";
import {nearStates} from "../analyses/nearStates.ts";
import {textsAnswer} from "../analyses/textsAnswer.ts";
import {withSentences} from "../report/labelSentences.ts";
import {runPatterns} from "../analyses/patterns.ts";
import {portraitMessage} from "../analyses/portrait.ts";
import {projectionMessage} from "../analyses/projection.ts";
import {withReaders} from "../runs/withReaders.ts";

/** An analysis of a run, or of an experiment's folder, as a plain message: what it is called, and everything that its answer depends on beside the folder and those it is compared with. */
export type Computation =
  | RunComputation
  | {readonly kind: "experimentReport"}
  | {readonly kind: "censusReport"}
  /** A census beside the one that it is compared with. */
  | {readonly kind: "censusComparison"}
  /** Labels of the shards that are done, as JSON. */
  | {readonly kind: "censusInterim"}
  /** Rows of a census's folder, as JSON. */
  | {readonly kind: "censusRows"; readonly query: CensusRowsQuery}
  /** The text of one of a census's prompts, as JSON. */
  | {readonly kind: "censusPrompt"; readonly prompt: string}
  /** One trajectory of a census of Gram traces, as JSON. */
  | {readonly kind: "censusPath"; readonly prompt: string; readonly query: PathPictureQuery}
  /** The traces that a census kept, in one picture. */
  | {readonly kind: "censusPicture"; readonly query: CensusPictureQuery}
  /** A training run's probe at every save, in one picture, as JSON. */
  | {readonly kind: "trainingProbes"};

type RunComputation =
  | {readonly kind: "metrics"; readonly site: string}
  /** `argued`: with all evidence of all tokens, as reports need it. */
  | {readonly kind: "patterns"; readonly site: string; readonly only?: readonly number[]; readonly argued?: true}
  | {readonly kind: "portrait"; readonly query: PortraitQuery}
  | {readonly kind: "exits"}
  | {readonly kind: "texts"}
  | {readonly kind: "near"; readonly query: NearQuery}
  | {readonly kind: "projection"; readonly query: ProjectionQuery}
  /** How far the one compared run is from this one. */
  | {readonly kind: "difference"; readonly site: string}
  /** `model` is the checkpoint's folder, where it is at hand. */
  | {
      readonly kind: "report";
      readonly title: string;
      readonly notes: readonly Note[];
      readonly model: string | null;
      readonly spectra: readonly RunSpectrum[];
      readonly answers: RunAnswers;
    }
  /** Writes a file or folder, `out`, and answers with what `exportRun` says of it, as JSON. */
  | ({readonly kind: "export"} & ExportOptions);

/** How far a computation is. */
export interface ComputeProgress {
  readonly done: number;
  readonly of: number;
}

interface ComputeOptions {
  /** Folders of the runs that are compared with this one; defaults to none. */
  readonly others?: readonly string[];
  /** Called with each trajectory that is labelled, and with those that are measured at once. */
  readonly onProgress?: (progress: ComputeProgress) => void;
}

/**
 * The answer's bytes: JSON for patterns and exports, HTML for a report, else a safetensors message. Throws a Refusal for a question that the run has no answer to.
 */
export async function compute(dir: string, computation: Computation, {others = [], onProgress}: ComputeOptions = {}): Promise<Uint8Array> {
  if (computation.kind === "experimentReport") {
    const {experimentReportPage} = await import("../report/experimentReportPage.ts");
    return new TextEncoder().encode(await experimentReportPage(dir));
  }
  if (computation.kind === "censusReport") {
    const {censusReportPage} = await import("../report/censusReportPage.ts");
    return new TextEncoder().encode(await censusReportPage(dir));
  }
  if (computation.kind === "censusComparison") {
    const {compareCensuses} = await import("../census/compareCensuses.ts");
    return new TextEncoder().encode(JSON.stringify(await compareCensuses(dir, others[0])));
  }
  if (computation.kind === "censusInterim") {
    const {interimCounts} = await import("../census/interimCounts.ts");
    return new TextEncoder().encode(JSON.stringify(await interimCounts(dir)));
  }
  if (computation.kind === "censusRows") {
    const {askRows} = await import("../census/askRows.ts");
    return new TextEncoder().encode(JSON.stringify(await askRows(dir, computation.query)));
  }
  if (computation.kind === "censusPrompt") {
    const {openCensus, sourceAt} = await import("../census/censusFolder.ts");
    return new TextEncoder().encode(JSON.stringify({prompt: sourceAt((await openCensus(dir)).sources, computation.prompt)}));
  }
  if (computation.kind === "censusPath") {
    const {pathPicture} = await import("../census/askPath.ts");
    return new TextEncoder().encode(JSON.stringify(await pathPicture(dir, computation.prompt, computation.query)));
  }
  if (computation.kind === "censusPicture") {
    const {keptPicture} = await import("../census/keptPicture.ts");
    return keptPicture(dir, computation.query);
  }
  if (computation.kind === "trainingProbes") {
    const {probePictures} = await import("../trainings/probePictures.ts");
    return new TextEncoder().encode(JSON.stringify(await probePictures(dir)));
  }
  return withReaders([dir, ...others], ([reader, ...compared]) => answer(reader, computation, {others: compared, onProgress}));
}

interface AnswerOptions extends Pick<ComputeOptions, "onProgress"> {
  readonly others: readonly TraceReader[];
}

async function answer(reader: TraceReader, computation: RunComputation, {others, onProgress}: AnswerOptions): Promise<Uint8Array> {
  const told = onProgress && ((done: number, of: number) => onProgress({done, of}));
  switch (computation.kind) {
    case "metrics":
      return metricsMessage(reader, computation.site, {onProgress: told});
    case "patterns": {
      const patterns = await runPatterns(reader, computation.site, {
        only: computation.only,
        argued: computation.argued,
        onProgress: told
      });
      return new TextEncoder().encode(JSON.stringify(computation.only ? patterns : withSentences(patterns)));
    }
    case "report": {
      const {runReportPage} = await import("../report/runReportPage.ts"); // only where wanted: these two take longer to load than all else
      return new TextEncoder().encode(
        await runReportPage(reader, {
          title: computation.title,
          notes: computation.notes,
          model: computation.model ?? undefined,
          spectra: computation.spectra,
          answers: computation.answers
        })
      );
    }
    case "exits":
      return new TextEncoder().encode(JSON.stringify(await exitsOfRun(reader)));
    case "texts":
      return textsAnswer(reader);
    case "near":
      return new TextEncoder().encode(JSON.stringify(await nearStates(reader, computation.query, {onProgress: told})));
    case "portrait":
      return portraitMessage(reader, computation.query);
    case "projection":
      return projectionMessage(reader, computation.query, {others});
    case "export": {
      const {kind: _, ...options} = computation;
      const {exportRun} = await import("../exchange/exportRun.ts");
      return new TextEncoder().encode(JSON.stringify(await exportRun(reader, options)));
    }
    case "difference":
      return differenceMessage(reader, others[0], computation.site);
  }
}
