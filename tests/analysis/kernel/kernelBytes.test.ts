import {createHash} from "node:crypto";
import {readFile} from "node:fs/promises";
import {expect, it} from "vitest";
import {SOURCE_SHA256} from "../../../analysis/kernel/kernelBytes.ts";

it("kernelBytes.ts was made of the source beside it", async () => {
  const hash = createHash("sha256");
  for (const name of ["products", "functions"])
    hash.update(await readFile(new URL(`../../../analysis/kernel/${name}.as`, import.meta.url)));
  expect(hash.digest("hex")).toBe(SOURCE_SHA256);
});
