import {mkdir, readFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {expect, it} from "vitest";
import {z} from "zod";
import {gramOf} from "../../../analysis/patterns/path/gram.ts";
import {matrixOf} from "../../../analysis/matrix.ts";
import {gramPca} from "../../../analysis/projections/gramPca.ts";
import {censusOfTraces} from "../../../api/census/census.ts";
import {makeCensus, openCensus} from "../../../api/census/censusFolder.ts";
import {keepGram} from "../../../api/census/gram/gramOfTrace.ts";
import {runCensus} from "../../../api/census/runCensus.ts";
import {censusOptions} from "../../../api/contract/censusSchemas.ts";
import type {PathPicture} from "../../../api/contract/contract.ts";
import {openTrace} from "../../../capture/trace/reader.ts";
import {runCli, withoutProgress} from "../../support/runCli.ts";
import {isOver, startServer} from "../../support/startServer.ts";

it("one path of a Gram trace is drawn by its products, over HTTP and in the shell; other pictures need states", async () => {
  const server = await startServer();
  const job = await server.until(await server.capture({steps: 12, prompt: "12+3="}), isOver);
  const [run, folder] = [join(server.runs, job.run), dirname(server.runs)];
  await mkdir(join(folder, "grams"));
  const gram = join(folder, "grams", "one");
  await keepGram(run, gram);
  const {manifest, sources} = await censusOfTraces(join(folder, "grams"), z.object(censusOptions).parse({steps: 12}));
  const dir = join(folder, "censuses", "grams");
  await makeCensus(dir, manifest, sources);
  await runCensus(await openCensus(dir), {model: "none", engine: () => Promise.reject(new Error("no model is needed"))});

  const reader = await openTrace(run);
  const {data, width} = await reader.readSite("state", {tokens: [1]});
  await reader.close();
  const path = (query: string) => server.get(`/api/censuses/grams/prompts/0/path?${query}`);
  const picture = (await (await path("token=1")).json()) as PathPicture;
  const own = gramPca(gramOf(matrixOf(13, width, data)));
  expect(picture).toEqual({first_step: 0, points: pairs(own.scores), explained: own.explained, weighed: 0});
  expect(await (await path("token=9")).json()).toEqual({error: "unknown trajectory: token 9, init 0; expected 0 to 4, and 0 to 0"});
  expect((await path("token=x")).status).toBe(400);

  const out = join(folder, "points.csv");
  const {status, stderr} = await runCli(["project", gram, "--out", out]);
  expect([status, withoutProgress(stderr)]).toEqual([0, ""]);
  const lines = (await readFile(out, "utf8")).trim().split("\n");
  expect(lines).toHaveLength(1 + 5 * 13);
  expect(lines.find((line) => line.startsWith("0,1,"))).toBe(`0,1,2,0,${picture.points[0].join(",")}`);
  const umap = await runCli(["project", gram, "--method", "umap", "--out", join(folder, "umap.csv")]);
  expect(umap.status).toBe(2);
  expect(umap.stderr).toMatch(/^missing states: .*; expected --method pca, .* all else needs states\n$/);
}, 200_000);

const pairs = (list: Float64Array): number[][] => Array.from({length: list.length / 2}, (_, i) => [list[2 * i], list[2 * i + 1]]);
