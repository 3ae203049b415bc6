import {dualOps} from "./dual/dualOps.ts";
import type {Model} from "../model/family.ts";
import type {Ops} from "../model/ops.ts";

/** A part of a model that is computed in one go: its inputs, in order, and how its outputs follow from them. */
export interface Stage {
  readonly name: string;
  /** Stages that read the same weights have the same name here. */
  readonly weights: string;
  readonly inputs: readonly StageInput[];
  build<T>(ops: Ops<T>, inputs: readonly T[]): readonly T[];
}

interface StageInput {
  readonly name: string;
  /** Token ids (one number per position) or float rows of `width`. */
  readonly kind: "ids" | "rows";
  readonly width: number;
}

/** Names of the stages beside the lenses. */
export const BEGIN = "begin";
export const STEP = "step";
export const STEP_JVP = "step jvp";
export const HEAD = "head";
export const lensStage = (lens: string): string => `lens ${lens}`;

/** The stages of a model. States and tangents are rows of all parts side by side. */
export function stagesOf(model: Model): ReadonlyMap<string, Stage> {
  const rows = (name: string, width: number): StageInput => ({name, kind: "rows", width});
  const carried = rows("state", model.carriedWidth);
  const injected = model.inputWidth > 0 ? [rows("e", model.inputWidth)] : [];
  const stages: Stage[] = [
    {
      name: BEGIN,
      weights: BEGIN,
      inputs: [{name: "ids", kind: "ids", width: 1}],
      build: (ops, [ids]) => {
        const {input, start} = model.begin(ops, ids);
        return [input, start].filter((value) => value !== undefined);
      }
    },
    {
      name: STEP,
      weights: STEP,
      inputs: [carried, ...injected],
      build: (ops, [state, e]) => [joined(ops, model.step(ops, partsOf(ops, model, state), e))]
    },
    {
      name: STEP_JVP,
      weights: STEP,
      inputs: [carried, ...injected, rows("tangent", model.carriedWidth)],
      build: (ops, inputs) => {
        const dual = dualOps(ops);
        const [state, e] = inputs;
        const parts = partsOf(dual, model, {value: state, tangent: inputs[inputs.length - 1]});
        const next = joined(dual, model.step(dual, parts, injected.length > 0 ? {value: e} : undefined));
        return [next.value, next.tangent ?? ops.scale(next.value, 0)];
      }
    },
    ...model.lenses.map(
      (lens): Stage => ({
        name: lensStage(lens),
        weights: lensStage(lens),
        inputs: [carried],
        build: (ops, [state]) => [model.read(ops, lens, partsOf(ops, model, state))]
      })
    ),
    {name: HEAD, weights: HEAD, inputs: [rows("x", model.width)], build: (ops, [x]) => [model.head(ops, x)]}
  ];
  return new Map(stages.map((stage) => [stage.name, stage]));
}

const partsOf = <T>(ops: Ops<T>, {parts}: Model, state: T): readonly T[] =>
  parts.length === 1
    ? [state]
    : ops.split(
        state,
        parts.map(({width}) => width)
      );

const joined = <T>(ops: Ops<T>, parts: readonly T[]): T => parts.slice(1).reduce((whole, part) => ops.concat(whole, part), parts[0]);
