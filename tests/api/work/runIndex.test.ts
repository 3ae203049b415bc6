import {readFile, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import type {RunList} from "../../../api/contract/contract.ts";
import {createRunStore} from "../../../api/runs/runStore.ts";
import {createRunIndex} from "../../../api/work/runIndex.ts";
import {manyRuns} from "../../support/load.ts";
import {startSmallTrace, writeNumbered} from "../../support/smallTrace.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

async function indexed(count: number) {
  const folder = await temporaryFolder();
  const writer = await startSmallTrace(join(folder, "one"));
  await writeNumbered(writer, 4);
  await writer.complete();
  const runs = join(folder, "runs");
  const names = await manyRuns(join(folder, "one"), runs, count);
  let asked = 0;
  const store = createRunStore({runs});
  const index = createRunIndex({
    runs: {...store, summary: (place) => (++asked, store.summary(place))},
    labels: {rows: async () => undefined, known: async () => undefined, count: () => Promise.reject(new Error("not asked for"))}
  });
  const list = async () => JSON.parse((await index.list()).json.toString()) as RunList;
  return {runs, names, index, list, store, asked: () => asked};
}

describe("the index of runs", () => {
  it("lists the newest first", async () => {
    const {names, list} = await indexed(5);
    expect((await list()).runs.map(({id}) => id)).toEqual(names.toReversed());
  });

  it("follows what is written by anybody: a card in place, a run that comes, one that goes, one that is damaged", async () => {
    const {runs, names, list, store} = await indexed(3);
    await list();
    await store.change(names[0], {title: "renamed"});
    expect((await list()).runs.at(-1)).toMatchObject({title: "renamed"});
    await writeFile(join(runs, names[0], "card.json"), '{"title":"by hand"}');
    expect((await list()).runs.at(-1)).toMatchObject({title: "by hand"});
    await writeFile(join(runs, names[0], "card.json"), '{"title":"by HAND"}'); // of the same size, at once
    expect((await list()).runs.at(-1)).toMatchObject({title: "by HAND"});
    await store.remove(names[1]);
    expect((await list()).runs.map(({id}) => id)).toEqual([names[2], names[0]]);
    await writeFile(join(runs, names[2], "trace.json"), "{");
    expect(await list()).toMatchObject({runs: [{id: names[0]}], broken: [{id: names[2], error: expect.any(String)}]});
    await rm(join(runs, names[2]), {recursive: true});
    expect((await list()).broken).toEqual([]);
  });

  it("reads a run that is over once, when it has not been written lately", async () => {
    const {list, asked} = await indexed(4);
    await expect
      .poll(async () => {
        const before = asked();
        await list();
        return asked() - before;
      })
      .toBe(0);
  });

  it("keeps its tag while nothing changes, and lets those who ask at once share a look", async () => {
    const {runs, names, index, asked} = await indexed(4);
    const lists = await Promise.all(Array.from({length: 50}, () => index.list()));
    expect(asked()).toBe(4);
    expect(new Set(lists.map(({etag}) => etag)).size).toBe(1);
    const card = join(runs, names[0], "card.json");
    await writeFile(card, '{"tags":["a"]}');
    const {etag} = await index.list();
    expect(etag).not.toBe(lists[0].etag);
    expect((await index.list()).etag).toBe(etag);
    expect(await readFile(card, "utf8")).toBe('{"tags":["a"]}');
  });
});
