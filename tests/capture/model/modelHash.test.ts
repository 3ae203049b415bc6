import {createHash} from "node:crypto";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {expect, it, onTestFinished} from "vitest";
import {createModelKeeper} from "../../../capture/engine/modelKeeper.ts";
import {loadCheckpoint} from "../../../capture/families/loadCheckpoint.ts";
import {modelHash} from "../../../capture/model/modelHash.ts";
import {copiedModel, editConfig, shippedModel} from "../../support/shippedModel.ts";

async function hashOf(folder: string): Promise<string> {
  const checkpoint = await loadCheckpoint(folder);
  await checkpoint.close();
  return modelHash(checkpoint);
}

it("modelHash is SHA-256 over names, sizes and bytes of config.json and the weights", async () => {
  const expected = createHash("sha256");
  for (const name of ["config.json", "model.safetensors"]) {
    const bytes = await readFile(join(shippedModel, name));
    expected.update(`${name}\0${bytes.length}\0`).update(bytes);
  }
  expect(await hashOf(shippedModel)).toBe(expected.digest("hex"));
});

it("modelHash is the same wherever the files lie, and another when one changes", async () => {
  const copy = await copiedModel();
  expect(await hashOf(copy)).toBe(await hashOf(shippedModel));
  await editConfig(copy, {mean_recurrence: 9});
  expect(await hashOf(copy)).not.toBe(await hashOf(shippedModel));
});

it("createModelKeeper gives the loaded model again until another one is asked for, or its files change", async () => {
  const keeper = createModelKeeper();
  onTestFinished(() => keeper.dispose());
  const model = await copiedModel();
  const choice = {model, engine: "onnx", dtype: "f32", device: "cpu"} as const;
  const first = await keeper.engineFor(choice);
  expect(await keeper.engineFor({...choice})).toBe(first);
  await editConfig(model, {mean_recurrence: 9});
  const second = await keeper.engineFor(choice);
  expect(second).not.toBe(first);
  expect(second.model.trainedSteps).toBe(9);
});
