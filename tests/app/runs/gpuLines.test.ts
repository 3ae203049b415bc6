import {readFileSync} from "node:fs";
import {join} from "node:path";
import {expect, it} from "vitest";
import {GPU_LINES, GPU_NEEDS, GPU_SERVE_LINE, NOTEBOOK_LINES, OPEN_LINE} from "../../../app/runs/gpuLines.ts";

const read = (name: string): string => readFileSync(join(import.meta.dirname, "../../..", name), "utf8");

it("the page, the README and the page on GPU machines give the same five lines", () => {
  const lines = GPU_LINES.split("\n");
  expect(lines).toHaveLength(5);
  expect(read("README.md")).toContain(`\n${GPU_LINES}\n`);
  expect(read("README.md")).toContain(GPU_NEEDS);
  for (const line of [...lines, GPU_SERVE_LINE]) expect(read("docs/gpu.md")).toContain(line);
});

it("the page, the README and the page on GPU machines say the same of a notebook", () => {
  expect(read("README.md")).toContain(`\n${NOTEBOOK_LINES}\n`);
  expect(read("docs/gpu.md")).toContain(`\n${NOTEBOOK_LINES}\n`);
  for (const name of ["README.md", "docs/gpu.md"]) expect(read(name)).toContain(OPEN_LINE);
});

it("what Huginn needs is what its sizes make", () => {
  expect(GPU_NEEDS).toContain(`${((3_564_976_800 * 2) / 1e9).toFixed(1)} GB of GPU memory`);
  expect(GPU_NEEDS).toContain(`${((512 * 4 * 65_536 * 5 * 4) / 1e9).toFixed(1)} GB more`);
  expect(GPU_NEEDS).toContain(`${((65 * 4 * 512 * 5280 * 2) / 1e9).toFixed(1)} GB on the disk`);
});
