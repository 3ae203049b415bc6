import {execFile} from "node:child_process";
import {promisify} from "node:util";
import {appendFile, mkdir, readdir, readFile, rm, symlink, truncate, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {experimentListSchema, runListSchema} from "../../../api/contract/contract.ts";
import {createTrash} from "../../../api/files/trash.ts";
import {writeExperiment} from "../../support/madeExperiment.ts";
import {startSmallTrace, writeNumbered} from "../../support/smallTrace.ts";
import {startServer} from "../../support/startServer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

/** Ways in which a file beside a run is found after a crash, a full disk or a careless hand. */
const damages: readonly (readonly [string, (path: string) => Promise<unknown>])[] = [
  ["empty", (path) => writeFile(path, "")],
  ["cut in half", async (path) => truncate(path, Math.floor((await readFile(path)).length / 2))],
  ["longer than it was", (path) => appendFile(path, "x")],
  [
    "other bytes",
    async (path) =>
      writeFile(
        path,
        (await readFile(path)).map((byte, i) => (i === 70 ? byte ^ 1 : byte))
      )
  ],
  ["JSON of another kind", (path) => writeFile(path, "null")],
  ["200,000 levels deep", (path) => writeFile(path, "[".repeat(200_000))],
  [
    "a folder",
    async (path) => {
      await rm(path);
      await mkdir(path);
    }
  ],
  [
    "a pipe that nobody writes to",
    async (path) => {
      await rm(path, {recursive: true});
      await promisify(execFile)("mkfifo", [path]);
    }
  ]
];

async function serverWithRuns(...names: string[]) {
  const server = await startServer();
  for (const name of names) {
    const writer = await startSmallTrace(join(server.runs, name), {steps: 12, width: 4});
    await writeNumbered(writer, 12);
    await writer.complete();
  }
  return server;
}

describe("damage beside a run takes nothing with it", () => {
  it("an analysis that is not as it was kept is worked out again, and so is the count of labels; the list stays", async () => {
    const {get, runs} = await serverWithRuns("a", "b");
    const questions = ["metrics", "patterns", "projection?method=pca&dims=2", "labels", "report"];
    const ask = async (question: string) => {
      const response = await get(`/api/runs/a/${question}`);
      return [response.status, Buffer.from(await response.arrayBuffer()).toString("latin1")];
    };
    const before = await Promise.all(questions.map(ask));
    const folder = join(runs, "a", "analysis");
    const kept = (await readdir(folder)).sort();
    expect(before.map(([status]) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(kept.length).toBeGreaterThanOrEqual(4);
    for (const [what, damage] of damages) {
      for (const name of await readdir(folder)) await damage(join(folder, name));
      const list = runListSchema.parse(await (await get("/api/runs")).json());
      expect([list.runs.map(({id}) => id).sort(), list.broken], what).toEqual([["a", "b"], []]);
      const again = await Promise.all(questions.map(ask));
      expect(
        again.map((answer, i) => answer[1] === before[i][1]),
        what
      ).toEqual([true, true, true, true, true]);
      if (what !== "a folder") expect((await readdir(folder)).sort(), what).toEqual(kept);
    }
    await rm(folder, {recursive: true});
    await writeFile(folder, "a file in the folder's place");
    const list = runListSchema.parse(await (await get("/api/runs")).json());
    expect([list.runs.map(({id}) => id).sort(), list.broken]).toEqual([["a", "b"], []]);
    expect((await Promise.all(questions.map(ask))).map((answer, i) => answer[1] === before[i][1])).toEqual([true, true, true, true, true]);
  });

  it.each(damages)("a card that is %s hides the title it held, and is named beside the list", async (_, damage) => {
    const {get, send, runs} = await serverWithRuns("a", "b");
    await send("PATCH", "/api/runs/a", {title: "mine, and a long one, so that half of it is cut off somewhere in the middle", tags: ["x"]});
    await damage(join(runs, "a", "card.json"));
    const list = runListSchema.parse(await (await get("/api/runs")).json());
    expect(list.runs.map(({id}) => id).sort()).toEqual(["a", "b"]);
    const a = list.runs.find(({id}) => id === "a")!;
    if (a.title.startsWith("mine")) return; // a changed letter of a title is a title
    expect(a).toMatchObject({title: "abc", tags: []});
    expect(list.broken).toEqual([{id: "a/card.json", error: expect.stringContaining("the run shows without")}]);
    expect((await get("/api/runs/a")).status).toBe(200);
  });
});

describe("damage beside an experiment takes nothing with it", () => {
  it.each(damages)("a summary that is %s is worked out again, and the list stays", async (_, damage) => {
    const {get, runs} = await startServer();
    const folder = join(runs, "..", "experiments");
    for (const name of ["a", "b"]) await writeExperiment(join(folder, name), 3);
    const before = await (await get("/api/experiments/a")).json();
    await damage(join(folder, "a", "summary.json"));
    const list = experimentListSchema.parse(await (await get("/api/experiments")).json());
    expect(list.experiments.map(({id, status}) => [id, status])).toEqual([
      ["b", "complete"],
      ["a", "complete"]
    ]);
    expect(await (await get("/api/experiments/a")).json()).toEqual(before);
  });

  it("a line among the results that cannot be read is left out and named; the page, its rows and its report stay", async () => {
    const {get, runs} = await startServer();
    const dir = join(runs, "..", "experiments", "a");
    await writeExperiment(dir, 4);
    const lines = (await readFile(join(dir, "results.jsonl"), "utf8")).split("\n");
    await writeFile(join(dir, "results.jsonl"), [lines[0], lines[1].slice(0, 99), ...lines.slice(2)].join("\n"));
    const json = async (path: string) => (await get(`/api/experiments/a${path}`)).json() as Promise<Record<string, never>>;
    expect(((await json("/prompts?from=0&count=9")).prompts as {index: number}[]).map(({index}) => index)).toEqual([0, 2, 3]);
    expect(((await json("/overview")).sentences as string[]).at(-1)).toMatch(
      /^1 of the results cannot be read .*results\.jsonl line 2: not JSON/
    );
    const report = await get("/api/experiments/a/report");
    expect([report.status, (await report.text()).includes("1 of the results cannot be read")]).toEqual([200, true]);
  });

  it("a specification that cannot be read is named, and the others are listed", async () => {
    const {get, runs} = await startServer();
    const folder = join(runs, "..", "experiments");
    for (const name of ["a", "b", "c"]) await writeExperiment(join(folder, name), 2);
    await writeFile(join(folder, "a", "spec.json"), "{");
    await writeFile(join(folder, "c", "spec.json"), "[".repeat(200_000));
    const list = experimentListSchema.parse(await (await get("/api/experiments")).json());
    expect(list.experiments.map(({id}) => id)).toEqual(["b"]);
    expect(list.broken.map(({id}) => id)).toEqual(["c", "a"]);
  });
});

it("what lies in the trash and is no removed run stays there, and stops nothing", async () => {
  const dir = await temporaryFolder();
  for (const name of ["a~000001", "a~junk", "b"]) await mkdir(join(dir, name));
  await writeFile(join(dir, "notes~1"), "");
  await symlink(join(dir, "nowhere"), join(dir, "c~000001"));
  const trash = createTrash(dir);
  expect(await trash.latest("a")).toBe(join(dir, "a~000001"));
  expect([...(await trash.empty(new Date(Date.now() + 31 * 24 * 3600 * 1000)))].sort()).toEqual(["a", "c"]);
  expect((await readdir(dir)).sort()).toEqual(["a~junk", "b", "notes~1"]);
});
