import {dualOps} from "./dual/dualOps.ts";
import type {ModelConfig} from "../families/huginn/config.ts";
import {coda, coreStep, finalNorm, head, prelude} from "../families/huginn/model.ts";
import type {Ops} from "../model/ops.ts";

/** A part of the model that is computed in one go: its inputs, in order, and how its outputs follow from them. */
export interface Stage {
  readonly inputs: readonly StageInput[];
  build<T>(ops: Ops<T>, config: ModelConfig, inputs: readonly T[]): readonly T[];
}

export interface StageInput {
  readonly name: string;
  /** Token ids (one number per position) or float rows of the model's width. */
  readonly kind: "ids" | "rows";
}

const ids: StageInput = {name: "ids", kind: "ids"};
const rows = (name: string): StageInput => ({name, kind: "rows"});

export const stages = {
  prelude: {inputs: [ids], build: (ops, config, [tokens]) => [prelude(ops, config, tokens)]},
  core: {inputs: [rows("state"), rows("e")], build: (ops, config, [state, e]) => [coreStep(ops, config, state, e)]},
  coda: {inputs: [rows("state")], build: (ops, config, [state]) => [coda(ops, config, state)]},
  norm: {inputs: [rows("state")], build: (ops, config, [state]) => [finalNorm(ops, config, state)]},
  head: {inputs: [rows("x")], build: (ops, config, [x]) => [head(ops, config, x)]},
  coreJvp: {
    inputs: [rows("state"), rows("e"), rows("tangent")],
    build: (ops, config, [state, e, tangent]) => {
      const next = coreStep(dualOps(ops), config, {value: state, tangent}, {value: e});
      return [next.value, next.tangent ?? ops.scale(next.value, 0)];
    }
  }
} as const satisfies Record<string, Stage>;

export type StageName = keyof typeof stages;
