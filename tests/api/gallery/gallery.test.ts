import {cp, mkdir, readdir, readFile, truncate, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {beforeAll, describe, expect, it} from "vitest";
import {openTrace} from "../../../capture/trace/reader.ts";
import type {Tensors} from "../../../app/source/safetensors.ts";
import {parseSafetensors} from "../../../app/source/safetensors.ts";
import {gallerySource, openGallery} from "../../../app/gallery/gallerySource.ts";
import {gallerySchema, type Patterns} from "../../../api/contract/contract.ts";
import {answerOf, galleryQuestions} from "../../../api/gallery/runAnswers.ts";
import {createAnalysisCache} from "../../../api/work/analysisCache.ts";
import {galleryIds, shownRuns} from "../../../api/gallery/shownRuns.ts";
import {writeGallery, type GalleryOptions} from "../../../api/gallery/writeGallery.ts";
import {compute, type Computation} from "../../../api/work/compute.ts";
import {startSmallTrace, writeNumbered} from "../../support/smallTrace.ts";
import {staticServer} from "../../support/staticServer.ts";
import {temporaryFolder, useTemporaryFolder} from "../../support/temporaryFolder.ts";

const clock = fileURLToPath(new URL("../../../fixtures/runs/clock-of-five", import.meta.url));
const LOOK = {sites: ["state"], modelOf: async () => undefined, log: () => {}};

/** A stand-in for the built page: what is copied, and what is left. */
async function madePage(folder: string): Promise<string> {
  await mkdir(join(folder, "assets"), {recursive: true});
  const chunks = {
    "gallery.html": {file: "assets/gallery.js", css: ["assets/all.css"], imports: ["_shared.js"], dynamicImports: ["later.ts"]},
    "_shared.js": {file: "assets/shared.js"},
    "later.ts": {file: "assets/later.js", imports: ["_shared.js"]},
    "index.html": {file: "assets/index.js"}
  };
  for (const name of ["gallery.js", "all.css", "shared.js", "later.js", "index.js"]) await writeFile(join(folder, "assets", name), name);
  for (const name of ["gallery.html", "index.html", "icon.svg"]) await writeFile(join(folder, name), name);
  await writeFile(join(folder, "manifest.json"), JSON.stringify(chunks));
  return folder;
}

async function smallRun(dir: string, {last = 4, finish = true}: {last?: number; finish?: boolean} = {}): Promise<string> {
  const writer = await startSmallTrace(dir);
  await writeNumbered(writer, last);
  if (finish) await writer.complete();
  else await writer.stop("cancelled");
  return dir;
}

async function filesIn(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true});
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(paths.sort().map(async (path) => [path.slice(folder.length + 1), await readFile(path)] as const)));
}

describe("a gallery", () => {
  const place = useTemporaryFolder();
  const out = (): string => join(place.path, "gallery");
  const options = (): GalleryOptions => ({
    ...{title: "For the paper", out: out(), sites: ["state"], umap: false, maxBytes: 1e9},
    page: join(place.path, "page")
  });
  beforeAll(async () => {
    await madePage(join(place.path, "page"));
    await cp(clock, join(place.path, "clock of 5 % é"), {recursive: true});
    const broken = await smallRun(join(place.path, "stopped"), {last: 2, finish: false});
    await writeFile(join(broken, "card.json"), JSON.stringify({title: "<i>stopped</i>", notes: [{token: 1, text: "early"}]}));
    const runs = await shownRuns([join(place.path, "clock of 5 % é"), broken], LOOK);
    await writeGallery(runs, options());
  });

  it("holds the page's files that its page reaches, the traces as they are, and no others", async () => {
    const files = await filesIn(out());
    expect([...files.keys()].filter((name) => !name.startsWith("runs/"))).toEqual(
      [
        ".nojekyll",
        "assets/all.css",
        "assets/gallery.js",
        "assets/later.js",
        "assets/shared.js",
        "icon.svg",
        "index.html",
        "methods.json",
        "orrery-gallery.json"
      ].sort()
    );
    expect(files.get("index.html")!.toString()).toBe("gallery.html");
    for (const name of ["trace.json", "states.safetensors", "readout.safetensors"])
      expect(files.get(`runs/clock-of-5-e/${name}`)!.equals(await readFile(join(clock, name)))).toBe(true);
    const gallery = gallerySchema.parse(JSON.parse(files.get("orrery-gallery.json")!.toString()));
    for (const {id, files: listed, bytes, answers} of gallery.runs) {
      expect(listed.map(({name}) => `runs/${id}/${name}`).sort()).toEqual(
        [...files.keys()].filter((name) => name.startsWith(`runs/${id}/`))
      );
      for (const {name, bytes: size} of listed) expect(files.get(`runs/${id}/${name}`)!.length).toBe(size);
      expect(listed.reduce((sum, {bytes: size}) => sum + size, 0)).toBe(bytes);
      for (const answer of Object.values(answers)) if ("file" in answer) expect(listed.map(({name}) => name)).toContain(answer.file);
    }
  });

  it.each([true, false])("answers as a server does, from parts of files and from whole ones (%s)", async (ranges) => {
    const {url} = await staticServer(out(), {below: "/a b/", ranges});
    const source = gallerySource(await openGallery({base: url}), {base: url});
    const run = "clock-of-5-e";
    const asked = (computation: Computation) => compute(clock, computation);
    const tensors = async (computation: Computation): Promise<Tensors> => parseSafetensors((await asked(computation)).slice().buffer);
    expect(await source.metrics(run, "state")).toEqual(await tensors({kind: "metrics", site: "state"}));
    const patterns = JSON.parse(new TextDecoder().decode(await asked({kind: "patterns", site: "state"}))) as Patterns;
    expect(await source.patterns(run, "state")).toEqual(patterns);
    const own = JSON.parse(new TextDecoder().decode(await asked({kind: "patterns", site: "state", only: [6]}))) as Patterns;
    const some = (await source.somePatterns(run, {site: "state", tokens: [6]})).tokens;
    expect(some.map((one) => one.arguments)).toEqual(own.tokens.map((one) => one.arguments));
    expect(Object.keys(some[0].arguments!)).toEqual(["converging", "orbit", "slider"]);
    const query = {method: "pca", dims: 2, fit: "all", site: "state", seed: 0} as const;
    expect(await source.projection(run, query)).toEqual(await tensors({kind: "projection", query}));
    for (const token of [6, 0])
      expect(await source.portrait(run, {token, init: 0, site: "state"})).toEqual(
        await tensors({kind: "portrait", query: {token, init: 0, site: "state"}})
      );
    expect(await source.exits(run)).toEqual(JSON.parse(new TextDecoder().decode(await asked({kind: "exits"}))));
    const reader = await openTrace(clock);
    const stored = (await reader.readReadout())!;
    await reader.close();
    expect((await source.readout(run, {from: 3, to: 9})).tensors.entropy.data).toEqual(stored.entropy.data.slice(3 * 14, 10 * 14));
    expect((await source.metrics(run, "state", {from: 60, to: 64})).tensors.distance.shape).toEqual([5, 2, 7]);
  });

  it("says of a run what it cannot be asked, in the words of a server, and takes its title and notes along", async () => {
    const {url, requests} = await staticServer(out());
    const source = gallerySource(await openGallery({base: url}), {base: url});
    expect((await source.run("stopped")).summary).toMatchObject({title: "<i>stopped</i>", live: false, steps_written: 2});
    expect(await source.notes("stopped")).toEqual({notes: [{token: 1, text: "early"}]});
    await expect(source.exits("stopped")).rejects.toThrow("invalid run: it kept no readout");
    await expect(source.readout("stopped")).rejects.toThrow("not in this gallery: readout");
    await expect(source.projection("stopped", {method: "umap", dims: 2})).rejects.toThrow("not in this gallery: projection");
    await expect(source.patterns("elsewhere", "state")).rejects.toThrow("unknown run: elsewhere; the gallery has clock-of-5-e, stopped");
    await expect(source.remove("stopped")).rejects.toThrow("has no server to ask");
    expect(requests.filter(({status}) => status >= 400)).toEqual([]);
  });

  it("takes what a server has kept beside a run, and works out the rest", async () => {
    const dir = await smallRun(join(await temporaryFolder(), "asked"));
    const served = createAnalysisCache(async (_dir, {kind}) => new TextEncoder().encode(`what a server kept of ${kind}`));
    const query = {method: "pca", dims: 2, fit: "all", site: "state", seed: 0} as const;
    for (const question of [{kind: "projection", query} as const, {kind: "metrics", site: "state"} as const])
      await served.answer({id: "asked", dir, example: false}, question);
    const reader = await openTrace(dir);
    const told: Record<string, string> = {};
    for (const asked of galleryQuestions(reader, {sites: ["state"], umap: false})) {
      const bytes = await answerOf(asked);
      const text = bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : "";
      if (text.startsWith("what a server kept")) told[asked.file] = text;
    }
    await reader.close();
    expect(told).toEqual({
      "metrics-state.safetensors": "what a server kept of metrics",
      "pca-2-all-state.safetensors": "what a server kept of projection"
    });
  });

  it("is the same bytes again, with --force in the place of the first; nothing else is ever replaced", async () => {
    const before = await filesIn(out());
    const runs = await shownRuns([join(place.path, "clock of 5 % é"), join(place.path, "stopped")], LOOK);
    await expect(writeGallery(runs, options())).rejects.toThrow("is there already; expected a new name");
    await writeGallery(runs, {...options(), overwrite: true});
    const after = await filesIn(out());
    expect([...after.keys()]).toEqual([...before.keys()]);
    for (const [name, bytes] of after) expect(bytes.equals(before.get(name)!), name).toBe(true);
    await writeFile(join(out(), "CNAME"), "lab.example");
    await expect(writeGallery(runs, {...options(), overwrite: true})).rejects.toThrow(
      /holds CNAME, which is no gallery's, and is not replaced/
    );
    const file = join(place.path, "file");
    await writeFile(file, "mine");
    await expect(writeGallery(runs, {...options(), out: file, overwrite: true})).rejects.toThrow("is a file and is not replaced");
    expect(await readFile(file, "utf8")).toBe("mine");
    await expect(writeGallery(runs, {...options(), out: join(runs[1].dir, "g")})).rejects.toThrow("lies in the run");
  });

  it("is refused with its numbers where it is too large, before and while it is made, and leaves nothing", async () => {
    const runs = await shownRuns([join(place.path, "stopped")], LOOK);
    const there = (await readdir(place.path)).sort();
    const small = {...options(), out: join(place.path, "small")};
    await expect(writeGallery(runs, {...small, maxBytes: 100})).rejects.toThrow(
      /^invalid size: the states and readouts alone take \d\.\d kB \(stopped \d\.\d kB\); at most 0\.1 kB, which --max-size sets$/
    );
    await expect(writeGallery(runs, {...small, maxBytes: 8000})).rejects.toThrow(/^invalid size: its files take, so far, \d+\.\d kB/);
    expect((await readdir(place.path)).sort()).toEqual(there);
  });
});

describe("shownRuns", () => {
  it("refuses by name what still grows, is damaged, has no state, or is no trace", async () => {
    const folder = await temporaryFolder();
    const live = join(folder, "live");
    await writeNumbered(await startSmallTrace(live), 1);
    await expect(shownRuns([live], LOOK)).rejects.toThrow(`invalid run: ${live} is being captured; expected one that has ended`);
    const short = await smallRun(join(folder, "short"));
    await truncate(join(short, "states.safetensors"), 600);
    await expect(shownRuns([short], LOOK)).rejects.toThrow(/short.states\.safetensors: truncated/);
    const gram = join(folder, "gram");
    await mkdir(gram);
    await writeFile(join(gram, "gram.json"), "{}");
    await expect(shownRuns([gram], LOOK)).rejects.toThrow(`missing states: ${gram} keeps what labels are made of`);
    const whole = await smallRun(join(folder, "whole"));
    await expect(shownRuns([whole], {...LOOK, sites: ["state", "embed"]})).rejects.toThrow(
      `unknown site: embed; ${whole} has state, state_normed`
    );
    expect(await shownRuns([whole, join(whole, ".")], LOOK)).toHaveLength(1);
  });

  it("gives each run a name that may stand in an address, and no two the same", () => {
    expect(galleryIds(["a run", "a/run?", "A-RUN", "…", "日本", ".hidden", "x".repeat(200)])).toEqual([
      ...["a-run", "a-run-2", "A-RUN-3", "run", "run-2", "hidden"],
      "x".repeat(80)
    ]);
  });
});
