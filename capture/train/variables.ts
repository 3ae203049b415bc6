import * as tf from "@tensorflow/tfjs-core";
import type {Model} from "../model/family.ts";
import {countOf} from "../trace/safetensorsHeader.ts";
import type {Trained} from "./adamW.ts";

/** A model's weights as variables, into which gradients flow. */
export const variablesOf = ({weights}: Pick<Model, "weights">): ReadonlyMap<string, tf.Variable> =>
  new Map(weights.map(({name, shape}) => [name, tf.tidy(() => tf.variable(tf.zeros([...shape])))]));

/** Gives the variables their weights' numbers, followed by zeros where the model has more of them than the checkpoint keeps. */
export function assign(
  variables: ReadonlyMap<string, tf.Variable>,
  {weights}: Pick<Model, "weights">,
  trained: ReadonlyMap<string, Trained>
): void {
  for (const {name, shape} of weights) {
    const padded = new Float32Array(countOf(shape));
    padded.set(trained.get(name)!.value);
    tf.tidy(() => variables.get(name)!.assign(tf.tensor(padded, [...shape])));
  }
}
