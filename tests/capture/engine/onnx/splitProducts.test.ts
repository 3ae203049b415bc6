import {describe, expect, it} from "vitest";
import type {GraphNode} from "../../../../capture/engine/onnx/onnxProto.ts";
import {splitProducts} from "../../../../capture/engine/onnx/splitProducts.ts";

const node = (op: string, inputs: readonly string[], ...outputs: readonly string[]): GraphNode => ({
  op,
  domain: "",
  inputs,
  outputs,
  attributes: op === "Gemm" ? {transB: 1} : {}
});
const product = node("Gemm", ["x", "w", "b"], "y");
const split = node("Split", ["y"], "q", "k", "v");
const isWeight = (name: string) => name === "w" || name === "b";

describe("splitProducts", () => {
  it("makes a product for each part of one that is only split, with that part of the weight and of the bias", () => {
    const {nodes, parts} = splitProducts([product, split], new Set(), isWeight);
    expect(nodes).toEqual([1, 2, 3].map((i) => node("Gemm", ["x", `w part ${i} of 3`, `b part ${i} of 3`], ["q", "k", "v"][i - 1])));
    expect(parts.get("w part 3 of 3")).toEqual({weight: "w", part: 2, parts: 3});
    expect(parts.get("b part 1 of 3")).toEqual({weight: "b", part: 0, parts: 3});
    expect(parts.size).toBe(6);
  });

  it.each([
    ["that something else reads, too", [product, split, node("Mul", ["y", "q"], "z")], new Set<string>()],
    ["that is named", [product, split], new Set(["y"])],
    ["with what is no weight", [node("Gemm", ["x", "other"], "y"), split], new Set<string>()]
  ])("leaves a product %s", (_, nodes, named) => {
    expect(splitProducts(nodes, named, isWeight)).toEqual({nodes, parts: new Map()});
  });
});
