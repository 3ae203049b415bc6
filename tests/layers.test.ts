import {readdirSync, readFileSync} from "node:fs";
import {dirname, join, relative, resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What the page and the report's pages are told by the api: over HTTP, and inside a report's file. */
const contracts = ["api/contract/contract.ts", "api/contract/reportData.ts", "api/contract/packedNumbers.ts"];

/** What the page reads by value: lists, bounds and measures, and how a message's bytes are read. With all that they import they need no library. */
const pure = [
  "api/contract/choices.ts",
  "api/contract/digitsApart.ts",
  ...["dtype", "safetensorsHeader", "siteReader", "tensorPlaces", "tokenText", "viewOf", "visible"].map(
    (name) => `capture/trace/${name}.ts`
  )
];

/** What the pages of a gallery work out by themselves, when it is looked at: nothing else stands in for a server. */
const drawn = "api/analyses/drawnPortrait.ts";

/** What each layer may import of ours: folders by path, the longest that fits counts; `type` only as a type. */
const rules: Readonly<Record<string, {readonly any: readonly string[]; readonly type?: readonly string[]}>> = {
  "capture/trace": {any: ["capture/trace"]},
  capture: {any: ["capture", "capture/trace"]},
  analysis: {any: ["analysis", "capture/trace"]},
  api: {any: ["api", "capture", "capture/trace", "analysis"]},
  app: {any: ["app", ...pure], type: ["analysis", "capture/trace", ...contracts]},
  "app/gallery": {any: ["app", "app/gallery", ...pure, drawn], type: ["analysis", "capture/trace", ...contracts]}
};

/** Rooms of a folder from the lowest up; none imports from one above it. Those in one list may import one another. */
const rooms: Readonly<Record<string, readonly (readonly string[])[]>> = {
  analysis: [
    ["matrix.ts", "random.ts", "states.ts"],
    ["kernel"],
    ["measures", "exit", "eval", "patterns"],
    ["paths"],
    ["census"],
    ["projections"],
    ["comparison"],
    ["portraits"],
    ["training"]
  ],
  "analysis/patterns": [
    ["labels.ts"],
    ["statistics"],
    ["path"],
    ["nulls"],
    ["modes"],
    ["approach", "orbit", "slider"],
    ["argument.ts", "claim.ts", "classifyRun.ts", "contradictions.ts", "pathProducts.ts", "rules.ts", "verdict.ts", "witness.ts"]
  ],
  capture: [
    ["bounds.ts", "boundedNumber.ts", "withoutSecrets.ts"],
    ["trace"],
    ["errorLine.ts", "software.ts"],
    ["model"],
    ["families"],
    ["engine"],
    ["edits"],
    ["spectrum"],
    ["loop"],
    ["job"],
    ["generate"],
    ["experiment"],
    ["train"],
    ["service"],
    ["torch"]
  ],
  api: [
    ["contract"],
    ["files"],
    ["queue"],
    ["runs"],
    ["models"],
    ["captures"],
    ["exchange"],
    ["analyses"],
    ["experiments"],
    ["eval"],
    ["trainings"],
    ["census"],
    ["worker"],
    ["generate"],
    ["report"],
    ["work"],
    ["gallery"],
    ["http"],
    ["commands"],
    ["cli.ts"]
  ],
  app: [
    ["style"],
    ["source"],
    ["plot"],
    ["state"],
    ["parts"],
    ["capture"],
    ["experiments"],
    ["evaluations"],
    ["census"],
    ["trainings"],
    ["generate"],
    ["methods"],
    ["run"],
    ["runs"],
    ["report"],
    ["shell"],
    ["gallery"],
    ["main.tsx", "vite.config.ts", "vite-env.d.ts"]
  ]
};

/** Files that reach another layer by a path instead of an import, each for what is built there: the page, and the report's script. */
const links: Readonly<Record<string, string>> = {
  "api/http/server.ts": "app/dist",
  "api/gallery/builtPage.ts": "app/dist",
  "api/report/reportScript.ts": "app/report"
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly kind: "value" | "type" | "path";
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

/** Static, dynamic and re-exporting imports of files of ours, and the paths that a module makes from its own place. */
function importsOf(file: string, text: string): Import[] {
  const found = (target: string, kind: Import["kind"]): Import => ({
    from: file,
    to: relative(root, resolve(root, dirname(file), target)),
    kind
  });
  return [
    ...[...text.matchAll(/^\s*(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?"(\.[^"]+)"/gm)].map(([, type, target]) =>
      found(target, type === undefined ? "value" : "type")
    ),
    ...[...text.matchAll(/\bimport\(\s*"(\.[^"]+)"\s*\)/g)].map(([, target]) => found(target, "value")),
    ...[...text.matchAll(/new URL\(\s*["'`](\.[^"'`$]+)/g)].map(([, target]) =>
      found(target, /\.(ts|tsx|mjs)$/.test(target) ? "value" : "path")
    )
  ];
}

/** Whether a file is somewhere in a folder. */
const lies = (path: string, folder: string): boolean => path.startsWith(`${folder}/`);

/** The place of a path's room in a folder, from the lowest; −1 for a folder's own tools, such as its tsconfig. */
const heightIn = (folder: string, path: string): number => {
  const [room] = relative(folder, path).split("/");
  return rooms[folder].findIndex((names) => names.includes(room));
};

function isAllowed({from, to, kind}: Import): boolean {
  const {any, type = []} = rules[layerOf(from)!];
  if (kind === "path") return layerOf(to) === undefined || isIn(to, any) || links[from] === to;
  const isDown = Object.keys(rooms)
    .filter((folder) => lies(from, folder) && lies(to, folder))
    .every((folder) => heightIn(folder, from) >= heightIn(folder, to));
  return isDown && (isIn(to, any) || (kind === "type" && isIn(to, type)));
}

/** Files that import one another in a circle, in its order; none without one. */
function circleIn(imports: readonly Import[]): readonly string[] {
  const importsBy = new Map<string, string[]>();
  for (const {from, to} of imports) importsBy.set(from, [...(importsBy.get(from) ?? []), to]);
  const done = new Set<string>();
  const circleFrom = (file: string, way: readonly string[]): readonly string[] => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const to of importsBy.get(file) ?? []) {
      const circle = circleFrom(to, [...way, file]);
      if (circle.length > 0) return circle;
    }
    done.add(file);
    return [];
  };
  return [...importsBy.keys()].map((file) => circleFrom(file, [])).find((circle) => circle.length > 0) ?? [];
}

describe("the import rule", () => {
  const files = Object.keys(rules)
    .filter((layer) => !layer.includes("/"))
    .flatMap(sourceFiles);
  const imports = files.flatMap((file) => importsOf(file, readFileSync(join(root, file), "utf8")));

  it("holds for every import of every source file", () => {
    const broken = imports.filter((found) => !isAllowed(found)).map(({from, to, kind}) => `${from} imports the ${kind} of ${to}`);
    expect(broken).toEqual([]);
  });

  it("goes round in no circle", () => {
    expect(circleIn(imports.filter(({kind}) => kind !== "path"))).toEqual([]);
    expect(circleIn([...imports, {from: "capture/trace/safetensors.ts", to: "capture/trace/reader.ts", kind: "type"}])).not.toEqual([]);
  });

  it("leaves what the page reads by value without a library", () => {
    const reached = new Set(pure);
    for (const file of reached) for (const {from, to, kind} of imports) if (from === file && kind === "value") reached.add(to);
    const libraries = [...reached].flatMap((file) =>
      [...readFileSync(join(root, file), "utf8").matchAll(/^\s*(?:import|export)\s(?!type\s)(?:[^"';]*\sfrom\s+)?"([^."][^"]*)"/gm)].map(
        ([, library]) => `${file} imports ${library}`
      )
    );
    expect([...reached]).toContain("capture/bounds.ts");
    expect(libraries).toEqual([]);
  });

  it("has a place for every room", () => {
    const homeless = Object.keys(rooms).flatMap((folder) => files.filter((file) => lies(file, folder) && heightIn(folder, file) < 0));
    expect(homeless).toEqual([]);
  });

  it("is tried on imports that are there", () => {
    expect(imports).toContainEqual({from: "capture/trace/reader.ts", to: "capture/trace/safetensors.ts", kind: "value"});
    expect(imports).toContainEqual({from: "api/runs/runSummary.ts", to: "capture/trace/schema.ts", kind: "type"});
    for (const [from, to] of Object.entries(links)) expect(imports).toContainEqual({from, to, kind: "path"});
  });

  it.each([
    ["capture/trace/reader.ts", "capture/engine/engine.ts", "value"],
    ["capture/engine/engine.ts", "analysis/matrix.ts", "type"],
    ["capture/engine/engine.ts", "capture/job/captureSpec.ts", "type"],
    ["capture/model/checkpoint.ts", "capture/families/families.ts", "value"],
    ["analysis/states.ts", "capture/engine/engine.ts", "type"],
    ["analysis/states.ts", "api/contract/contract.ts", "type"],
    ["analysis/states.ts", "app/report", "path"],
    ["api/contract/contract.ts", "api/runs/runStore.ts", "type"],
    ["api/report/reportPage.ts", "app/report", "path"],
    ["app/main.tsx", "api/contract/contract.ts", "value"],
    ["app/main.tsx", "api/http/server.ts", "type"],
    ["app/main.tsx", "analysis/matrix.ts", "value"],
    ["app/main.tsx", "capture/engine/engine.ts", "type"],
    ["app/plot/csv.ts", "app/run/runData.ts", "type"],
    ["app/run/RunPage.tsx", drawn, "value"],
    ["app/run/RunPage.tsx", "app/gallery/gallerySource.ts", "value"],
    ["app/gallery/main.tsx", "api/http/server.ts", "type"]
  ] as const)("refuses %s importing %s (%s)", (from, to, kind) => {
    expect(isAllowed({from, to, kind})).toBe(false);
  });

  it.each([
    ["capture/engine/engine.ts", "capture/trace/dtype.ts", "value"],
    ["analysis/states.ts", "capture/trace/reader.ts", "value"],
    ["api/http/server.ts", "capture/job/capture.ts", "value"],
    ["api/http/server.ts", "package.json", "path"],
    ["app/main.tsx", "api/contract/contract.ts", "type"],
    ["app/main.tsx", "api/contract/choices.ts", "value"],
    ["app/main.tsx", "analysis/states.ts", "type"]
  ] as const)("allows %s importing %s (%s)", (from, to, kind) => {
    expect(isAllowed({from, to, kind})).toBe(true);
  });
});
