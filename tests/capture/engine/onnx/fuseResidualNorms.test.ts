import {describe, expect, it} from "vitest";
import {fuseResidualNorms} from "../../../../capture/engine/onnx/fuseResidualNorms.ts";
import type {GraphNode} from "../../../../capture/engine/onnx/onnxProto.ts";

const node = (op: string, inputs: readonly string[], output: string): GraphNode => ({
  op,
  domain: "",
  inputs,
  outputs: [output],
  attributes: op === "RMSNormalization" ? {epsilon: {float: 1e-6}, axis: -1} : {}
});
const sum = node("Add", ["x", "a"], "s");
const norm = node("RMSNormalization", ["s", "w"], "y");

describe("fuseResidualNorms", () => {
  it("makes one operator of a sum and its norm", () => {
    expect(fuseResidualNorms([sum, norm], new Set())).toEqual([
      {
        op: "SkipSimplifiedLayerNormalization",
        domain: "com.microsoft",
        inputs: ["x", "a", "w"],
        outputs: ["y"],
        attributes: {epsilon: {float: 1e-6}}
      }
    ]);
  });

  it("leaves a sum that something else reads, too, and one that is named", () => {
    const nodes = [sum, norm, node("Mul", ["s", "y"], "z")];
    expect(fuseResidualNorms(nodes, new Set())).toEqual(nodes);
    expect(fuseResidualNorms([sum, norm], new Set(["s"]))).toEqual([sum, norm]);
  });

  it("leaves a norm of what is no sum", () => {
    const nodes = [node("Mul", ["x", "a"], "s"), norm];
    expect(fuseResidualNorms(nodes, new Set())).toEqual(nodes);
  });
});
