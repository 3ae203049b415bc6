import {join} from "node:path";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import {beforeAll, describe, expect, it} from "vitest";
import {tfjsOps} from "../../../capture/engine/tfjs/tfjsOps.ts";
import {loadCheckpoint} from "../../../capture/families/loadCheckpoint.ts";
import {goldenFolders, goldenRoot} from "../../support/goldenModels.ts";
import {shippedGolden} from "../../support/golden.ts";

const ids = [3, 1, 4, 1, 5];
const models = [join(shippedGolden, "b_d48_h3_p1c2k1"), ...goldenFolders.map((name) => join(goldenRoot, name))];

describe("the model's functions over variables", () => {
  beforeAll(async () => void (await tf.setBackend("cpu"))); // WebAssembly has no kernel for the gradient of a table look-up

  it.each(models)("of %s have a gradient by every weight that the loss depends on, right along a random direction", async (folder) => {
    const checkpoint = await loadCheckpoint(folder);
    const {model} = checkpoint;
    const variables = new Map<string, tf.Variable>();
    for (const {name, shape} of model.weights) variables.set(name, tf.variable(tf.tensor(await checkpoint.read(name), [...shape])));
    await checkpoint.close();
    const carried = tf.randomNormal([ids.length, model.carriedWidth], 0, 0.5, "float32", 7);
    const loss = (): tf.Scalar => {
      const ops = tfjsOps(variables, {inits: 1, tokens: ids.length});
      const {input, start} = model.begin<tf.Tensor>(ops, tf.tensor1d(ids, "int32"));
      const parts = tf.split(
        carried,
        model.parts.map(({width}) => width),
        -1
      );
      let state: readonly tf.Tensor[] = model.parts.map((part, i) => (part.start.from === "input" ? start! : parts[i]));
      for (let step = 0; step < 2; ++step) state = model.step(ops, state, input);
      const logits = model.head(ops, model.read(ops, model.lenses[0], state));
      return tf.neg(
        tf.mean(
          tf.gather(
            tf.reshape(tf.log(tf.softmax(logits)), [-1]),
            tf.tensor1d(
              ids.map((id, i) => i * model.vocab + id),
              "int32"
            )
          )
        )
      );
    };
    const {value, grads} = tf.variableGrads(loss, [...variables.values()]);
    const unused = [...variables].filter(([, variable]) => !grads[variable.name]).map(([name]) => name);
    expect(unused.filter((name) => !/^(gate|low_start|gate\.bias)$/.test(name))).toEqual([]); // an exit gate and a stored start have no part in this loss
    const directions = new Map([...variables].map(([name, variable]) => [name, tf.randomNormal(variable.shape, 0, 1e-3, "float32", 11)]));
    let along = 0;
    for (const [name, variable] of variables) {
      const gradient = grads[variable.name];
      if (gradient) along += tf.sum(tf.mul(gradient, directions.get(name)!)).dataSync()[0];
    }
    const moved = (sign: number) => {
      for (const [name, variable] of variables) variable.assign(tf.add(variable, tf.mul(directions.get(name)!, sign)));
      const after = loss().dataSync()[0];
      for (const [name, variable] of variables) variable.assign(tf.sub(variable, tf.mul(directions.get(name)!, sign)));
      return after;
    };
    const difference = (moved(1) - moved(-1)) / 2;
    console.log(
      `${folder.split("/").at(-1)}: loss ${value.dataSync()[0].toFixed(3)}, along a direction ${along.toExponential(3)}, by differences ${difference.toExponential(3)}`
    );
    expect(Math.abs(along - difference)).toBeLessThan(0.05 * Math.abs(difference) + 1e-4);
    tf.disposeVariables();
  });
});
