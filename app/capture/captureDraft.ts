import {captureBounds, initKinds, type InitKind} from "../../api/contract/choices.ts";
import {create} from "zustand";
import type {EditDraft} from "./edits.ts";
import type {CaptureOrder} from "../source/Source.ts";

/** What the capture form holds; kept while the dialog is closed, so that no prompt is lost. */
export interface Draft {
  readonly model: string;
  readonly prompt: string;
  readonly title: string;
  readonly steps: number;
  readonly inits: number;
  readonly seed: number;
  readonly kind: InitKind;
  readonly scale: number;
  readonly sites: readonly string[];
  readonly readout: boolean;
  /** The model's own where none is named. */
  readonly lens: string | undefined;
  readonly top: number;
  /** Changes to the states while it runs. */
  readonly edits: readonly EditDraft[];
  /** The run that is changed: the new one is shown over it. */
  readonly original: string | undefined;
}

export const emptyDraft: Draft = {
  model: "",
  prompt: "",
  title: "",
  steps: captureBounds.steps.usual,
  inits: captureBounds.inits.usual,
  seed: captureBounds.seed.usual,
  kind: initKinds[0],
  scale: captureBounds.scale.usual,
  sites: ["state"],
  readout: true,
  lens: undefined,
  top: captureBounds.top.usual,
  edits: [],
  original: undefined
};

export const useDraft = create<Draft>()(() => emptyDraft);

/** Fills the form with an order, as to capture something again; with `original` and `edits`, to see what a change does. */
export function setDraft(
  order: Partial<CaptureOrder>,
  {original, edits = []}: {original?: string; edits?: readonly EditDraft[]} = {}
): void {
  const {model, prompt, title, steps, inits, seed, init, sites, readout} = order;
  useDraft.setState({
    ...emptyDraft,
    original,
    edits,
    ...defined({model, prompt, title, steps, inits, seed, sites, kind: init?.kind, scale: init?.scale}),
    ...(readout === null ? {readout: false} : defined({lens: readout?.lens, top: readout?.top}))
  });
}

/** The order that a draft asks for, its changes aside. */
export function orderOf({model, prompt, title, steps, inits, seed, kind, scale, sites, readout, lens, top}: Draft): CaptureOrder {
  return {
    model,
    prompt,
    ...(title.trim() && {title: title.trim()}),
    steps,
    inits,
    seed,
    init: {kind, scale},
    sites: [...sites],
    readout: readout ? {lens, top} : null
  };
}

function defined<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
