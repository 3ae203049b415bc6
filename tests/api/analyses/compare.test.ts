import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {tensorsOf} from "../../../api/report/tensorsOf.ts";
import type {Tensor} from "../../../capture/trace/safetensors.ts";
import {parseHeader} from "../../../capture/trace/safetensorsHeader.ts";
import {fitPca, transform} from "../../../analysis/projections/pca.ts";
import {matrixOf} from "../../../analysis/matrix.ts";
import {errorOf} from "../../support/responses.ts";
import {startSmallTrace, writeNumbered, type SmallTraceOptions} from "../../support/smallTrace.ts";
import {isOver, useServer, type RunningServer} from "../../support/startServer.ts";

async function messageOf(response: Response): Promise<{tensor(name: string): Tensor; metadata: Readonly<Record<string, string>>}> {
  expect(response.status).toBe(200);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const tensors = tensorsOf(bytes);
  return {tensor: (name) => tensors.get(name)!, metadata: parseHeader(bytes).metadata};
}

async function small(runs: string, name: string, options: SmallTraceOptions): Promise<void> {
  const writer = await startSmallTrace(join(runs, name), options);
  await writeNumbered(writer, options.steps ?? 4);
  await writer.complete();
}

describe("GET difference", () => {
  const place = useServer(
    () => ({}),
    async () => undefined
  );

  it("pairs tokens by what they are, and measures between partners", async () => {
    const {get, capture, until} = place.server;
    const [a, b] = [
      await until(await capture({prompt: "48+37=", steps: 6}), isOver),
      await until(await capture({prompt: "8+37=", steps: 4}), isOver)
    ];
    const {tensor, metadata} = await messageOf(await get(`/api/runs/${a.run}/difference?with=${b.run}`));
    expect([...tensor("partners").data]).toEqual([-1, 0, 1, 2, 3, 4]);
    expect(metadata).toMatchObject({aligned_by: "id", aligned: "5", first_step: "0"});
    const {shape, data} = tensor("difference");
    expect(shape).toEqual([7, 1, 6]);
    expect([...data.subarray(0, 1), ...data.subarray(5 * 6)].every(Number.isNaN)).toBe(true); // no partner; no such step
    expect(data[4 * 6 + 1]).toBeGreaterThan(0);
  });

  it("is zero between a run and the same run again", async () => {
    const {get, capture, until} = place.server;
    const [a, b] = [await until(await capture({steps: 3}), isOver), await until(await capture({steps: 3}), isOver)];
    const {tensor} = await messageOf(await get(`/api/runs/${a.run}/difference?with=${b.run}`));
    expect([...tensor("difference").data]).toEqual(Array(16).fill(0));
  });

  it("refuses in one line what cannot be compared", async () => {
    const {get, runs} = place.server;
    await small(runs, "narrow", {width: 4});
    await small(runs, "wide", {width: 6});
    const ask = async (query: string) => errorOf(await get(`/api/runs/narrow/${query}`));
    expect(await ask("difference?with=wide")).toEqual([400, "invalid run to compare: wide has width 6; expected 4, as narrow has"]);
    expect(await ask("projection?with=wide")).toEqual([400, "invalid run to compare: wide has width 6; expected 4, as narrow has"]);
    expect(await ask("difference?with=wide&site=core.0.out")).toEqual([400, "unknown site: core.0.out; one of state, state_normed"]);
    expect(await ask("difference?with=nobody")).toEqual([404, "unknown run: nobody"]);
    expect(await ask("difference")).toEqual([400, expect.stringMatching(/^missing with; /)]);
    expect(await ask("projection?with=a,b,c,d")).toEqual([
      400,
      'invalid with: "a,b,c,d"; expected 1 to 3 different names of runs, joined by commas'
    ]);
    expect(await ask("projection?fit=joint")).toEqual([400, "missing with; expected with=RUN,… where fit=joint"]);
    expect(await ask("projection?method=umap&with=wide")).toEqual([
      400,
      "invalid run to compare: wide has width 6; expected 4, as narrow has"
    ]);
  });
});

describe("GET projection of several runs", () => {
  const place = useServer(
    () => ({}),
    async () => undefined
  );

  async function two({capture, until}: RunningServer): Promise<[string, string]> {
    const [a, b] = [
      await until(await capture({prompt: "48+37=", steps: 6}), isOver),
      await until(await capture({prompt: "8+37=", steps: 4, inits: 2}), isOver)
    ];
    return [a.run, b.run];
  }
  const rows = ({tensor}: Awaited<ReturnType<typeof messageOf>>): Float32Array => tensor("state").data as Float32Array;

  it("fit=joint fits one basis on the states of all of them, and draws each in it", async () => {
    const {server} = place;
    const [a, b] = await two(server);
    const message = await messageOf(await server.get(`/api/runs/${a}/projection?fit=joint&with=${b}`));
    const [first, second] = await Promise.all(
      [a, b].map(async (run) => rows(await messageOf(await server.get(`/api/runs/${run}/states`))))
    );
    const all = matrixOf((first.length + second.length) / 96, 96, Float32Array.of(...first, ...second));
    const pca = fitPca(all, {components: 2});
    expect(message.metadata).toMatchObject({fit: "joint", rows: String(7 * 6 + 5 * 2 * 5)});
    expect(message.tensor("points").shape).toEqual([7, 1, 6, 2]);
    expect(message.tensor("points.1").shape).toEqual([5, 2, 5, 2]);
    const drawn = [...message.tensor("points").data, ...message.tensor("points.1").data];
    transform(pca, all).data.forEach((value, i) => expect(drawn[i]).toBeCloseTo(value, 4));
  });

  it("fit=all keeps the basis of the first run and draws the other in it", async () => {
    const {server} = place;
    const [a, b] = await two(server);
    const alone = await messageOf(await server.get(`/api/runs/${a}/projection`));
    const beside = await messageOf(await server.get(`/api/runs/${a}/projection?with=${b}`));
    expect(beside.tensor("points").data).toEqual(alone.tensor("points").data);
    expect(beside.tensor("points.1").shape).toEqual([5, 2, 5, 2]);
  });

  it("UMAP places all runs together with fit=joint, and none otherwise", async () => {
    const {server} = place;
    const [a, b] = await two(server);
    const {tensor, metadata} = await messageOf(await server.get(`/api/runs/${a}/projection?method=umap&fit=joint&with=${b}`));
    expect([tensor("points").shape, tensor("points.1").shape, tensor("trust").shape, metadata.rows]).toEqual([
      [7, 1, 6, 2],
      [5, 2, 5, 2],
      [1, 6],
      "92"
    ]);
    expect(await errorOf(await server.get(`/api/runs/${a}/projection?method=umap&with=${b}`))).toEqual([
      400,
      "invalid fit: all; umap has no basis to place other runs in, so expected joint"
    ]);
  });
});
