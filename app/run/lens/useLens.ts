import {EVERY_LENS} from "../../state/view.ts";
import type {Field} from "../../plot/field.ts";
import {isModelless, NO_MODEL} from "../modelless.ts";
import {useRemote} from "../../source/remote.ts";
import {fieldsOf, type RunData} from "../runData.ts";
import {readoutOf, type Readout} from "../../plot/readout.ts";
import type {Source} from "../../source/Source.ts";
import {useSource} from "../../source/sourceContext.ts";
import {wordsOf} from "../useRunData.ts";

/** What a model would say at every state of a run, by one lens. */
export interface LensReading {
  readonly lens: string;
  readonly readout: Readout;
  /** entropy, kl_prev, kl_final. */
  readonly fields: Readonly<Record<string, Field>>;
  /** The number format of the states that were read later; undefined for what was captured. */
  readonly readFrom: string | undefined;
}

/** A lens that was asked for: its reading, or in a line why there is none (yet). */
interface LensAnswer {
  readonly lens: string;
  readonly reading?: LensReading;
  readonly note?: string;
}

/** A way in which the run's model reads a state, and what it computes, where that is known. */
interface OfferedLens {
  readonly name: string;
  readonly formula: string | undefined;
}

/** The ways in which a run can be read, as its trace says; at least the one that it was captured with. */
export function lensesOf({trace: {lenses = [], readout}}: Pick<RunData, "trace">): readonly OfferedLens[] {
  return !readout || lenses.some(({name}) => name === readout.lens) ? lenses : [{name: readout.lens, formula: readout.formula}, ...lenses];
}

/** The lens that a run is looked at through where the view says nothing; undefined where it can be read through none. */
export const ownLens = (data: Pick<RunData, "trace">): string | undefined => data.trace.readout?.lens ?? lensesOf(data)[0]?.name;

/** The lenses that a view shows: a name that the run's model does not have is left at the run's own. */
export function shownLenses(data: Pick<RunData, "trace">, asked: string | undefined): readonly string[] {
  const names = lensesOf(data).map(({name}) => name);
  if (asked === EVERY_LENS) return names;
  const shown = asked !== undefined && names.includes(asked) ? asked : ownLens(data);
  return shown === undefined ? [] : [shown];
}

/** What the view's lens becomes when the next one is asked for: one lens after the other, then all side by side. */
export function nextLens(data: Pick<RunData, "trace">, asked: string | undefined): string | undefined {
  const choices = lensChoices(data);
  const now = asked === EVERY_LENS ? asked : shownLenses(data, asked)[0];
  return viewLens(data, choices[(choices.indexOf(now ?? "") + 1) % choices.length]);
}

/** What can be chosen: every lens, and all of them where there are several. */
export function lensChoices(data: Pick<RunData, "trace">): readonly string[] {
  const names = lensesOf(data).map(({name}) => name);
  return names.length > 1 ? [...names, EVERY_LENS] : names;
}

/** How a choice stands in the view: the run's own lens is what stands where nothing is said. */
export const viewLens = (data: Pick<RunData, "trace">, choice: string | undefined): string | undefined =>
  choice === ownLens(data) ? undefined : choice;

const NOT_YET = "it is read from the states once the run has ended";

/** The run's own readout where it was captured with a lens; for the others the server reads the stored states, once the run has ended. */
export function useLenses(data: RunData, lenses: readonly string[]): readonly LensAnswer[] {
  const source = useSource();
  const {summary, trace, readout, fields} = data;
  const isCaptured = (lens: string): boolean => readout !== undefined && trace.readout?.lens === lens;
  const refusal = isModelless(data) ? NO_MODEL : summary.live ? NOT_YET : undefined;
  const asked = refusal === undefined ? lenses.filter((lens) => !isCaptured(lens)) : [];
  const read = useRemote(
    (signal) =>
      Promise.all(
        asked.map((lens) =>
          readThrough(source, data, lens, signal).catch((error: Error): LensAnswer => ({lens, note: `No ${lens} lens: ${error.message}.`}))
        )
      ),
    [summary.id, asked.join(), trace.steps_written]
  );
  return lenses.map((lens) => {
    if (readout && isCaptured(lens)) return {lens, reading: {lens, readout, fields, readFrom: undefined}};
    if (refusal !== undefined) return {lens, note: `No ${lens} lens: ${refusal}.`};
    const answer = read.status === "ready" ? read.value.find((one) => one.lens === lens) : undefined;
    return answer ?? {lens, note: `Reading the stored states through the ${lens} lens …`};
  });
}

async function readThrough(source: Source, data: RunData, lens: string, signal: AbortSignal): Promise<LensAnswer> {
  const message = await source.readout(data.summary.id, {lens}, signal);
  const words = await wordsOf(source, data, message, signal);
  const readout = readoutOf(message, words);
  if (!readout) throw new Error("its readout keeps no top tokens");
  return {lens, reading: {lens, readout, fields: fieldsOf(message), readFrom: message.metadata.states}};
}
