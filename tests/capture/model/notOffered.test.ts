import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {loadCheckpoint} from "../../../capture/families/loadCheckpoint.ts";
import {notOffered, startsWords} from "../../../capture/model/notOffered.ts";
import {goldenRoot} from "../../support/goldenModels.ts";
import {shippedModel} from "../../support/shippedModel.ts";

describe("notOffered", () => {
  const modelOf = async (folder: string) => {
    const {model, close} = await loadCheckpoint(folder);
    await close();
    return model;
  };
  it.each([
    ["huginn", shippedModel, ["exit_gate"], "random starts of the same prompt"],
    ["retrofit", join(goldenRoot, "retrofit-llama_a"), ["noise", "exit_gate"], "random starts of the same prompt"],
    [
      "ouro",
      join(goldenRoot, "ouro_b"),
      ["init_kind", "swap_input", "noise", "paths", "warm_start_normed", "diffuse"],
      "its own start, and that with a little noise"
    ],
    [
      "hrm-text",
      join(goldenRoot, "hrm-text_b"),
      ["swap_input", "noise", "warm_start_normed", "exit_gate", "diffuse"],
      "its own start, and its stored part drawn anew"
    ]
  ])("says of %s what it has not, and what its starts are", async (family, folder, lacking, starts) => {
    const model = await modelOf(folder);
    expect(Object.keys(notOffered(model))).toEqual(lacking);
    expect(startsWords(model)).toBe(starts);
    for (const why of Object.values(notOffered(model))) expect(why).toContain(family);
  });
});
