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
const split = node("Split", ["y"], "q", "k", "v"); // shared keys: q is wider than k and v
const widths: Readonly<Record<string, number>> = {q: 8, k: 4, v: 4};
const widthOf = (name: string) => widths[name];
const isWeight = (name: string) => name === "w" || name === "b";

describe("splitProducts", () => {
  it("makes a product for each part of one that is only split, with that part of the weight and of the bias", () => {
    const {nodes, parts} = splitProducts([product, split], new Set(), isWeight, widthOf);
    const rows = ["rows 0 to 8", "rows 8 to 12", "rows 12 to 16"];
    expect(nodes).toEqual(rows.map((range, i) => node("Gemm", ["x", `w ${range}`, `b ${range}`], ["q", "k", "v"][i])));
    expect(parts.get("w rows 12 to 16")).toEqual({weight: "w", from: 12, to: 16});
    expect(parts.get("b rows 0 to 8")).toEqual({weight: "b", from: 0, to: 8});
    expect(parts.size).toBe(6);
  });

  it.each([
    ["that something else reads, too", [product, split, node("Mul", ["y", "q"], "z")], new Set<string>()],
    ["that is named", [product, split], new Set(["y"])],
    ["with what is no weight", [node("Gemm", ["x", "other"], "y"), split], new Set<string>()]
  ])("leaves a product %s", (_, nodes, named) => {
    expect(splitProducts(nodes, named, isWeight, widthOf)).toEqual({nodes, parts: new Map()});
  });
});
