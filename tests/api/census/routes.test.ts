import {copyFile, mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import type {CensusDetails, CensusInterim, CensusList, CensusRows} from "../../../api/contract/contract.ts";
import {startServer} from "../../support/startServer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";
import {writeCensus} from "../../support/madeCensus.ts";

const prompts = ["7 cats", "a 5", "no", "66", "x=3"];
const claim = (text: string) => (/\d/.test(text) ? "orbit" : text === " " ? "unsettled" : "converging");

async function served() {
  const folder = await temporaryFolder();
  const runs = join(folder, "runs");
  const root = join(folder, "censuses");
  await writeCensus(root, "digits", {prompts, claim});
  const server = await startServer({runs});
  const json = async <T>(path: string, status = 200): Promise<T> => {
    const response = await server.send("GET", `/api/censuses${path}`);
    expect(response.status, path).toBe(status);
    return (await response.json()) as T;
  };
  const get = (path: string) => server.get(`/api/censuses${path}`);
  return {root, json, get, send: server.send};
}

describe("censuses over HTTP", () => {
  it("are listed with what they count, the unfinished with how far they are, the damaged by name", async () => {
    const {root, json} = await served();
    await writeCensus(root, "half", {prompts, claim, shards: 1});
    await mkdir(join(root, "hurt"));
    await writeFile(join(root, "hurt", "census.json"), "{");
    const {censuses, broken} = await json<CensusList>("");
    expect(censuses.map(({id, status, finished, counts}) => ({id, status, finished, counts}))).toEqual(
      expect.arrayContaining([
        {id: "digits", status: "complete", finished: 5, counts: {converging: 9, orbit: 5, slider: 0, unsettled: 2}},
        {id: "half", status: "partial", finished: 2, counts: null}
      ])
    );
    expect(broken).toEqual([{id: "hurt", error: expect.stringMatching(/^invalid .*census\.json: /)}]);
  });

  it("answer with rows that fit, in order, each in its context", async () => {
    const {root, json} = await served();
    await writeFile(join(root, "digits", "rows", "._00000.parquet"), "what a Mac leaves beside it");
    const orbits = await json<CensusRows>("/digits/rows?label=orbit&order=amplitude&descending=true&count=2&from=1");
    expect(orbits.total).toBe(5);
    expect(orbits.rows.map(({prompt, token, text, context}) => ({prompt, token, text, context}))).toEqual([
      {prompt: 1, token: 2, text: "5", context: {before: "a ", after: ""}},
      {prompt: 3, token: 0, text: "6", context: {before: "", after: "6"}}
    ]);
    expect((await json<CensusRows>("/digits/rows?text=%20&class=space")).rows.map(({label}) => label)).toEqual(["unsettled", "unsettled"]);
    const slow = await json<CensusRows>("/digits/rows?order=settled_step&descending=true");
    expect(slow.rows.map(({settled_step}) => settled_step)).toEqual([13, 12, 11, 10, 9, 9, 8, 8, 8, ...Array(7).fill(null)]);
  });

  it("are deleted, taken back and read by several at once: 200, 204, 404 or 409, and whole at the end", async () => {
    const {json, get, send} = await served();
    const path = "/api/censuses/digits";
    for (let round = 0; round < 5; ++round) {
      const asks = Array.from({length: 4}, () => [send("DELETE", path), send("POST", `${path}/restore`), get("/digits/rows"), get("")]);
      const statuses = (await Promise.all(asks.flat())).map(({status}) => status);
      expect(statuses.filter((status) => ![200, 204, 404, 409].includes(status))).toEqual([]);
    }
    await send("POST", `${path}/restore`);
    expect((await json<CensusRows>("/digits/rows")).total).toBe(16);
  });

  it("give a prompt's text, and the summary", async () => {
    const {json} = await served();
    expect(await json("/digits/prompts/4")).toEqual({prompt: "x=3"});
    const {summary} = await json<CensusDetails>("/digits");
    const numbers = summary!.associations.find(({by, group, label}) => by === "class" && group === "number" && label === "orbit");
    expect(numbers!.table).toEqual([
      [5, 0],
      [0, 11]
    ]);
  });

  it("have no picture where no trace was kept, and say so", async () => {
    const {json} = await served();
    expect(await json("/digits/picture", 409)).toEqual({error: expect.stringMatching(/^no states: digits: it kept no trace; /)});
    expect(await json("/digits/picture?method=tsne", 400)).toEqual({error: expect.stringContaining("method")});
  });

  it.each([
    ["/none", 404, "unknown census: none"],
    ["/..%2Fruns", 404, "unknown census: ../runs"],
    ["/digits/prompts/5", 404, "unknown prompt: 5; expected 0 to 4"],
    ["/digits/prompts/-1", 404, "unknown prompt: -1; expected 0 to 4"],
    ["/digits/rows?count=1000", 400, expect.stringContaining("invalid count")],
    ["/digits/rows?order=beauty", 400, expect.stringContaining("order")],
    ["/digits/rows?label=orbits", 400, expect.stringMatching(/^invalid label: "orbits"; .*"orbit"/)],
    ["/digits/rows?class=numeral", 400, expect.stringMatching(/^invalid class: "numeral"; .*"number"/)]
  ])("refuse %s", async (path, status, error) => {
    const {json} = await served();
    expect(await json(path, status)).toEqual({error});
  });

  it("have a report as a file to keep, once they are finished", async () => {
    const {root, json, get} = await served();
    const report = await get("/digits/report");
    expect([report.status, report.headers.get("content-disposition")]).toEqual([200, "attachment; filename=digits.html"]);
    expect(await report.text()).toContain('<p class="kind">Orrery report of a census</p>');
    await writeCensus(root, "half", {prompts, claim, shards: 1});
    expect(await json("/half/report", 409)).toEqual({error: "unfinished census: half has no labels yet; expected a finished one"});
  });

  it("count labels so far: of the shards that are there, by q-values over their rows alone, and those of all once all are there", async () => {
    const {root, json} = await served();
    await writeCensus(root, "part", {prompts, claim, shards: 1});
    const interim = async (id: string) => json<CensusInterim>(`/${id}/interim`);
    expect(await interim("part")).toEqual({prompts: 2, of: 5, rows: 9, counts: {converging: 5, orbit: 2, slider: 0, unsettled: 2}});
    await writeCensus(join(root, "..", "whole"), "part", {prompts, claim});
    const shard = (index: number, folder: string) => join(root, folder, "shards", `0000${index}.parquet`);
    await copyFile(shard(2, "../whole/part"), shard(2, "part"));
    await writeFile(shard(1, "part"), "PAR1 and no more");
    expect(await interim("part")).toEqual({prompts: 3, of: 5, rows: 12, counts: {converging: 7, orbit: 3, slider: 0, unsettled: 2}});
    await copyFile(shard(1, "../whole/part"), shard(1, "part"));
    const {summary} = await json<CensusDetails>("/digits");
    const {rows, counts} = await interim("part");
    expect({rows, counts}).toEqual({
      rows: summary!.rows,
      counts: Object.fromEntries(Object.entries(summary!.labels).map(([label, {count}]) => [label, count]))
    });
    await writeCensus(root, "new", {prompts, claim, shards: 0});
    expect(await interim("new")).toMatchObject({prompts: 0, of: 5, rows: 0});
    expect(await json("/none/interim", 404)).toEqual({error: "unknown census: none"});
  });

  it("have no rows while they are not finished, and say so", async () => {
    const {root, json} = await served();
    await writeCensus(root, "half", {prompts, claim, shards: 1});
    expect(await json("/half/rows", 409)).toEqual({error: "unfinished census: half has no labels yet; expected a finished one"});
  });
});
