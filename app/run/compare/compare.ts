import {counted} from "../../../api/contract/choices.ts";
import type {Run} from "../../../api/contract/contract.ts";
import {valueAt, type Field} from "../../plot/field.ts";
import type {Tensors} from "../../source/safetensors.ts";

/** Which token of another run stands for each token of this one. */
export interface Alignment {
  /** Index in the other run by index in this one; −1 where a token has no partner. */
  readonly partners: readonly number[];
  /** How many tokens of this run have one. */
  readonly count: number;
  /** What makes two tokens the same. */
  readonly by: "id" | "text";
}

/** Reads the server's answer. */
export function alignmentOf({tensors: {partners}, metadata}: Tensors): Alignment {
  return {partners: [...partners.data], count: Number(metadata.aligned), by: metadata.aligned_by === "text" ? "text" : "id"};
}

/** A field of the other run in the places of this run's tokens; NaN for those without a partner. */
export function alignedField(field: Field, {partners}: Alignment): Field {
  const {steps, inits} = field;
  const tokens = partners.length;
  const values = new Float32Array(steps * inits * tokens).fill(NaN);
  for (let step = 0; step < steps; ++step) {
    for (let init = 0; init < inits; ++init) {
      partners.forEach((partner, token) => {
        if (partner >= 0) values[(step * inits + init) * tokens + token] = valueAt(field, step, init, partner);
      });
    }
  }
  return {steps, inits, tokens, values};
}

/** What else is different between two runs than what is looked at: each says the other's value and this run's. */
export function notesOf({trace: own}: Pick<Run, "trace">, {trace: other}: Pick<Run, "trace">, {by, count, partners}: Alignment): string[] {
  const notes = [
    `${count} of ${partners.length} tokens have a partner${by === "text" ? ", aligned by text: the vocabularies differ" : ""}`
  ];
  const [init, otherInit] = [own.inits[0], other.inits[0]];
  const differ = (name: string, its: unknown, here: unknown): void => {
    if (its !== here) notes.push(`${name} ${its ?? "–"}, here ${here ?? "–"}`);
  };
  if (isAnother(own.model, other.model)) notes.push(`another model, ${other.model.name}, of the same width; here ${own.model.name}`);
  differ("steps", other.steps, own.steps);
  differ("trained steps", other.trained_steps, own.trained_steps);
  differ("inits", other.inits.length, own.inits.length);
  differ("initial state", otherInit.kind, init.kind);
  differ("seed", otherInit.seed, init.seed);
  differ("initial scale", otherInit.scale, init.scale);
  differ("computed in", other.compute_dtype, own.compute_dtype);
  differ("stored in", other.storage_dtype, own.storage_dtype);
  differ("readout by the lens", other.readout?.lens, own.readout?.lens);
  if (JSON.stringify(other.edits) !== JSON.stringify(own.edits)) notes.push(`${editCount(other.edits)}, here ${editCount(own.edits)}`);
  return notes;
}

/** By what is in them, where that is known; else by name. */
const isAnother = (own: Run["trace"]["model"], other: Run["trace"]["model"]): boolean =>
  own.hash && other.hash ? own.hash !== other.hash : own.name !== other.name;

const editCount = (edits: readonly unknown[]): string =>
  edits.length === 0 ? "no changes" : `${counted(edits.length, "change")} while it ran`;
