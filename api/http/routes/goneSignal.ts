import type {Response} from "express";

/** Aborts when the client leaves before it has its answer. */
export function goneSignal(response: Response): AbortSignal {
  const abort = new AbortController();
  response.on("close", () => abort.abort());
  return abort.signal;
}
