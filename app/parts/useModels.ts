import type {ModelSummary} from "../../api/contract/contract.ts";
import {readyValue, useRemote, type Remote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";

/** What a form chooses its model from. */
export interface ModelOffer {
  readonly models: Remote<readonly ModelSummary[]>;
  /** Those that can be run. */
  readonly usable: readonly ModelSummary[];
  /** The one that is asked for by name, else the first. */
  readonly model: ModelSummary | undefined;
}

export const NO_MODEL = "There is no usable model: start the server with --models DIR, a folder of checkpoint folders.";

export function useModels(wanted: string | undefined): ModelOffer {
  const source = useSource();
  const models = useRemote((signal) => source.models(signal), ["models"]);
  const usable = readyValue(models)?.filter(({error}) => error === null) ?? [];
  return {models, usable, model: usable.find(({name}) => name === wanted) ?? usable[0]};
}
