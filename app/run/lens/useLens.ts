import type {Field} from "../../plot/field.ts";
import {useRemote, type Remote} from "../../source/remote.ts";
import {fieldsOf, type RunData} from "../runData.ts";
import {readoutOf, type Readout} from "../../plot/readout.ts";
import {useSource} from "../../source/sourceContext.ts";
import {wordsOf} from "../useRunData.ts";
import type {LensName} from "../../state/view.ts";

/** What a model would say at every state of a run, by one lens. */
export interface LensReading {
  readonly lens: LensName;
  readonly readout: Readout;
  /** entropy, kl_prev, kl_final. */
  readonly fields: Readonly<Record<string, Field>>;
  /** The number format of the states that were read later; undefined for what was captured. */
  readonly readFrom: string | undefined;
}

/** The run's own readout where it was captured with this lens; else the server reads the stored states, once the run has ended. Asks only when `wanted`. */
export function useLens(data: RunData, lens: LensName, wanted: boolean): Remote<LensReading> {
  const source = useSource();
  const {summary, trace, readout, fields} = data;
  const captured = readout && trace.readout?.lens === lens ? readout : undefined;
  const nobody = isModelless(data);
  const asks = wanted && !captured && !summary.live && !nobody;
  const read = useRemote(
    async (signal): Promise<LensReading> => {
      if (!asks) return new Promise<never>(() => {});
      const message = await source.readout(summary.id, {lens}, signal);
      const words = await wordsOf(source, data, message, signal);
      return {lens, readout: readoutOf(message, words) as Readout, fields: fieldsOf(message), readFrom: message.metadata.states};
    },
    [summary.id, lens, asks, trace.steps_written]
  );
  if (captured) return {status: "ready", value: {lens, readout: captured, fields, readFrom: undefined}};
  if (nobody) return {status: "failed", error: new Error("it takes the model, and this run came as a file without one")};
  return summary.live ? {status: "failed", error: new Error("it is read from the states once the run has ended")} : read;
}

/** Whether a run came as a file that names no model: nothing can then be read from its states. */
const isModelless = ({trace}: Pick<RunData, "trace">): boolean => trace.imported !== undefined && trace.model.hash === null;

/** The lens that a run is looked at through where the view says nothing. */
export const ownLens = ({trace}: Pick<RunData, "trace">): LensName => (trace.readout?.lens === "logit" ? "logit" : "coda");
