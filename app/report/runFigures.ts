import type {PackedNumbers} from "../../api/contract/packedNumbers.ts";
import type {ReportVerdict, RunReport} from "../../api/contract/reportData.ts";
import type {Field, Points} from "../plot/field.ts";
import {portraitData, type PortraitData} from "../plot/portrait/portraitData.ts";
import {tokenLabel} from "../plot/format.ts";
import type {Pattern, Trained} from "../../api/contract/choices.ts";
import {rankField, type Readout} from "../plot/readout.ts";
import {csvOf} from "../plot/csv.ts";

/** How far apart initial states still are, by step: of a run's tokens, or of an experiment's prompts. */
export interface GapFigures {
  /** Geometric mean over pairs, `[step][0][token or prompt]`; undefined where nothing was compared. */
  readonly gaps: Field | undefined;
  /** Below it two states cannot be told apart. */
  readonly gapFloor: number;
  /** Texts as they are drawn, and as they were. */
  readonly names: readonly string[];
  readonly texts: readonly string[];
  readonly lastStep: number;
  /** Steps that the model was trained with; absent where that is not known. */
  readonly trained: Trained;
}

/** A run's report with its numbers unpacked, as the figures draw it. */
export interface RunFigures extends GapFigures {
  readonly report: RunReport;
  readonly points: Points;
  /** By the measure that they are of. */
  readonly fields: Readonly<Record<string, Field>>;
  readonly readout: Readout | undefined;
  /** Of the strongest patterns, the strongest first. */
  readonly portraits: readonly PortraitData[];
  readonly inits: number;
  verdictOf(init: number, token: number): ReportVerdict | undefined;
  /** The label that all inits of a token share; undefined where they differ. */
  labelOf(token: number): Pattern | undefined;
}

export function runFigures(report: RunReport): RunFigures {
  const {numbers, verdicts, tokens, words} = report;
  const {shape, data} = unpacked(numbers.points);
  const [steps, inits, count, dims] = shape;
  const fields: Record<string, Field> = {};
  for (const [name, packed] of Object.entries(numbers))
    if (packed.shape.length === 3)
      fields[name] = {steps: packed.shape[0], inits: packed.shape[1], tokens: packed.shape[2], values: unpacked(packed).data};
  const readout = readoutOf(numbers, words);
  if (readout) fields.rank = rankField(readout);
  const verdictOf = (init: number, token: number): ReportVerdict | undefined => verdicts[init * count + token];
  return {
    report,
    points: {steps, inits, tokens: count, dims, values: data as Float32Array},
    fields,
    readout,
    names: tokens.map(({text}) => tokenLabel(text)),
    portraits: report.portraits.map(({info, numbers: packed}) =>
      portraitData(info, Object.fromEntries(Object.entries(packed).map(([name, one]) => [name, unpacked(one)])))
    ),
    inits,
    lastStep: steps - 1,
    trained: report.summary.trained_steps,
    gaps: report.paths ? gapsOf(report.paths.tokens) : undefined,
    gapFloor: Math.max(0, ...(report.paths?.tokens ?? []).map(({noise_floor}) => noise_floor)),
    texts: tokens.map(({text}) => text),
    verdictOf,
    labelOf(token) {
      const labels = new Set(Array.from({length: inits}, (_, init) => verdictOf(init, token)?.pattern));
      return labels.size === 1 ? [...labels][0] : undefined;
    }
  };
}

function unpacked({dtype, shape, base64}: PackedNumbers): {shape: readonly number[]; data: Float32Array | Int32Array} {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return {shape, data: dtype === "I32" ? new Int32Array(bytes.buffer) : new Float32Array(bytes.buffer)};
}

function readoutOf({top_ids, top_logprobs}: RunReport["numbers"], words: RunReport["words"]): Readout | undefined {
  if (!top_ids || !top_logprobs) return undefined;
  const [steps, inits, tokens, top] = top_ids.shape;
  return {
    steps,
    inits,
    tokens,
    top,
    ids: unpacked(top_ids).data,
    logProbabilities: unpacked(top_logprobs).data,
    words: new Map(Object.entries(words).map(([id, text]) => [Number(id), text]))
  };
}

/** The gap curves of some units as a field, a token for each. */
export function gapsOf(units: readonly {readonly gap: readonly (number | null)[]}[]): Field {
  const curves = units.map(({gap}) => gap);
  const steps = curves[0].length;
  return {
    steps,
    inits: 1,
    tokens: curves.length,
    values: Array.from({length: steps * curves.length}, (_, i) => curves[i % curves.length][Math.floor(i / curves.length)] ?? NaN)
  };
}

/** Every state's place in the basis, a line each: step, init, token and its principal components. */
export function pointsCsv({points: {steps, inits, tokens, dims, values}, texts, trained}: RunFigures): string {
  const component = (k: number): Field => ({
    steps,
    inits,
    tokens,
    values: Array.from({length: steps * inits * tokens}, (_, i) => values[i * dims + k])
  });
  return csvOf(Object.fromEntries(Array.from({length: dims}, (_, k) => [`pc${k + 1}`, component(k)])), texts, {trained});
}

/** Every state's measures, a line each. */
export const fieldsCsv = ({fields, texts, trained}: RunFigures): string => csvOf(fields, texts, {trained});
