import {readdirSync, readFileSync} from "node:fs";
import {dirname, join, relative, resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What the page and the report's pages are told by the api: over HTTP, and inside a report's file. */
const contracts = ["api/contract/contract.ts", "api/contract/reportData.ts", "api/contract/packedNumbers.ts"];

/** What each layer may import of ours: folders by path, the longest that fits counts; `type` only as a type. */
const rules: Readonly<Record<string, {readonly any: readonly string[]; readonly type?: readonly string[]}>> = {
  "capture/trace": {any: ["capture/trace"]},
  capture: {any: ["capture", "capture/trace"]},
  analysis: {any: ["analysis", "capture/trace"]},
  api: {any: ["api", "capture", "capture/trace", "analysis"]},
  app: {any: ["app"], type: ["analysis", "capture/trace", ...contracts]}
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isType: boolean;
}

const layerOf = (path: string): string | undefined =>
  Object.keys(rules)
    .filter((layer) => path === layer || path.startsWith(`${layer}/`))
    .sort((a, b) => b.length - a.length)[0];

const isIn = (path: string, places: readonly string[]): boolean =>
  places.some((place) => path === place || (path.startsWith(`${place}/`) && (place.includes("/") || layerOf(path) === place)));

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mjs)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !/(^|\/)(dist|node_modules)\//.test(path));
}

/** Static, dynamic and re-exporting imports of files of ours. */
function importsOf(file: string, text: string): Import[] {
  const statements = [...text.matchAll(/^\s*(import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?"(\.[^"]+)"/gm)].map(([, , type, target]) => ({
    target,
    isType: type !== undefined
  }));
  const calls = [...text.matchAll(/\bimport\(\s*"(\.[^"]+)"\s*\)|new URL\(\s*"(\.[^"]+\.(?:ts|tsx|mjs))"/g)].map(([, called, linked]) => ({
    target: called ?? linked,
    isType: false
  }));
  return [...statements, ...calls].map(({target, isType}) => ({
    from: file,
    to: relative(root, resolve(root, dirname(file), target)),
    isType
  }));
}

const isAllowed = ({from, to, isType}: Import): boolean => {
  const {any, type = []} = rules[layerOf(from)!];
  return isIn(to, any) || (isType && isIn(to, type));
};

describe("the import rule", () => {
  const imports = Object.keys(rules)
    .filter((layer) => !layer.includes("/"))
    .flatMap(sourceFiles)
    .flatMap((file) => importsOf(file, readFileSync(join(root, file), "utf8")));

  it("holds for every import of every source file", () => {
    const broken = imports
      .filter((found) => !isAllowed(found))
      .map(({from, to, isType}) => `${from} imports ${isType ? "the types of " : ""}${to}`);
    expect(broken).toEqual([]);
  });

  it("is tried on imports that are there", () => {
    expect(imports).toContainEqual({from: "capture/trace/reader.ts", to: "capture/trace/safetensors.ts", isType: false});
    expect(imports).toContainEqual({from: "api/runs/runStore.ts", to: "capture/trace/schema.ts", isType: true});
  });

  it.each([
    ["capture/trace/reader.ts", "capture/engine/engine.ts", false],
    ["capture/engine/engine.ts", "analysis/matrix.ts", true],
    ["analysis/states.ts", "capture/engine/engine.ts", true],
    ["analysis/states.ts", "api/contract/contract.ts", true],
    ["app/main.tsx", "api/contract/contract.ts", false],
    ["app/main.tsx", "api/http/server.ts", true],
    ["app/main.tsx", "analysis/matrix.ts", false],
    ["app/main.tsx", "capture/engine/engine.ts", true]
  ])("refuses %s importing %s (types only: %s)", (from, to, isType) => {
    expect(isAllowed({from, to, isType})).toBe(false);
  });

  it.each([
    ["capture/engine/engine.ts", "capture/trace/dtype.ts", false],
    ["analysis/states.ts", "capture/trace/reader.ts", false],
    ["api/http/server.ts", "capture/job/capture.ts", false],
    ["app/main.tsx", "api/contract/contract.ts", true],
    ["app/main.tsx", "analysis/states.ts", true]
  ])("allows %s importing %s (types only: %s)", (from, to, isType) => {
    expect(isAllowed({from, to, isType})).toBe(true);
  });
});
