import type {EvalRow, EvalSpec} from "../../api/contract/contract.ts";
import {setDraft} from "../capture/captureDraft.ts";
import {showDialog} from "../state/store.ts";

/** Opens the form of a new capture with an item's prompt, at the evaluation's depth and seed. */
export function openItem({model, settings, seed, title}: EvalSpec, {prompt, index}: EvalRow): void {
  setDraft({
    model: model.name,
    prompt,
    title: `${title ?? "evaluation"}, item ${index}`,
    steps: Math.max(...settings.map(({steps}) => steps)),
    seed
  });
  showDialog("capture");
}
