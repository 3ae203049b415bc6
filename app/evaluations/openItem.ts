import type {EvalRow, EvalSpec} from "../../api/contract/contract.ts";
import {captureAndOpen} from "../capture/captureAndOpen.ts";
import type {Source} from "../source/Source.ts";

/** Captures an item's prompt as the evaluation ran it at its deepest, and opens the trajectory whose label the item has. */
export const openItem = (
  source: Pick<Source, "capture">,
  {model, settings, seed, title, engine, dtype, device}: EvalSpec,
  {prompt, index}: Pick<EvalRow, "prompt" | "index">
): Promise<void> =>
  captureAndOpen(source, {
    ...{model: model.name, prompt, seed, engine, dtype, device},
    title: `${title ?? "evaluation"}, item ${index}`,
    steps: Math.max(...settings.map(({steps}) => steps)),
    inits: 1
  });
