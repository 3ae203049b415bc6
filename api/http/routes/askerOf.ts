import type {Response} from "express";
import type {Asker} from "../../queue/fairTurns.ts";
import {visitorOf} from "../access/visitor.ts";

/** Aborts when the client leaves before it has its answer. */
function goneSignal(response: Response): AbortSignal {
  const abort = new AbortController();
  response.on("close", () => abort.abort());
  return abort.signal;
}

/** Who asks, for those who let people take turns, and whether they are still there. */
export const askerOf = (response: Response): Required<Asker> => ({owner: visitorOf(response).name, signal: goneSignal(response)});
