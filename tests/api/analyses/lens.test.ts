import {cp, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {tensorsOf} from "../../../api/report/tensorsOf.ts";
import {parseHeader} from "../../../capture/trace/safetensorsHeader.ts";
import {errorOf} from "../../support/responses.ts";
import {isOver, startServer, useServer} from "../../support/startServer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

async function readoutOf(response: Response) {
  expect(response.status).toBe(200);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return {tensors: tensorsOf(bytes), metadata: parseHeader(bytes).metadata};
}

describe("GET readout through another lens than the run's", () => {
  const place = useServer(
    () => ({}),
    async () => undefined
  );

  it.each(["coda", "logit"] as const)("lens=%s gives what capturing with it gave, read from the states alone", async (lens) => {
    const {get, capture, until} = place.server;
    const order = {prompt: "48+37=", steps: 5, inits: 2};
    const other = lens === "coda" ? "logit" : "coda";
    const [wanted, asked] = [
      await until(await capture({...order, readout: {lens, top: 5}}), isOver),
      await until(await capture({...order, readout: {lens: other, top: 5}}), isOver)
    ];
    const stored = await readoutOf(await get(`/api/runs/${wanted.run}/readout`));
    const read = await readoutOf(await get(`/api/runs/${asked.run}/readout?lens=${lens}`));
    expect(read.metadata).toEqual({lens, states: "f32"});
    expect([...read.tensors.get("top_ids")!.data]).toEqual([...stored.tensors.get("top_ids")!.data]);
    for (const name of ["top_logprobs", "entropy", "kl_prev", "kl_final", "target_logprob"]) {
      const [a, b] = [read, stored].map(({tensors}) => tensors.get(name)!);
      expect(a.shape).toEqual(b.shape);
      b.data.forEach((value, i) => (Number.isNaN(value) ? expect(a.data[i]).toBeNaN() : expect(a.data[i]).toBeCloseTo(value, 4)));
    }
  });

  it("makes the run's edits of the readout again, and not those that are in its states already", async () => {
    const {get, capture, until} = place.server;
    const edits = [
      {op: "scale", site: "state", step: 2, factor: 0.5},
      {op: "set", site: "logits", step: 3, vector: [100, ...Array(95).fill(0)]}
    ];
    const {run} = await until(await capture({steps: 4, readout: null, edits}), isOver);
    const {tensors} = await readoutOf(await get(`/api/runs/${run}/readout?lens=coda`));
    const {shape, data} = tensors.get("top_ids")!;
    const perStep = data.length / shape[0];
    expect(data.slice(3 * perStep, 4 * perStep).filter((_, i) => i % 5 === 0)).toEqual(new Float32Array(4)); // the token of index 0 everywhere
    expect([...data.slice(4 * perStep)].filter((_, i) => i % 5 === 0)).not.toEqual([0, 0, 0, 0]);
  });

  it("offers the family's lenses of a trace that was written before traces named theirs, and nothing of a family that is not known", async () => {
    const {get, capture, until, runs} = place.server;
    const {run} = await until(await capture({steps: 2}), isOver);
    const file = join(runs, run, "trace.json");
    const {lenses, ...trace} = JSON.parse(await readFile(file, "utf8"));
    const offered = async (changed: object) => {
      await writeFile(file, JSON.stringify({...trace, ...changed}));
      return (await (await get(`/api/runs/${run}`)).json()).trace.lenses;
    };
    expect(lenses.map(({name}: {name: string}) => name)).toEqual(["coda", "logit"]);
    expect(await offered({})).toEqual(lenses);
    expect(await offered({family: "nobody's"})).toBeUndefined();
    expect(await offered({family: null})).toBeUndefined();
  });

  it("says in one line why there is none", async () => {
    const {get, capture, until, runs} = place.server;
    const {run} = await until(await capture({steps: 2, readout: null}), isOver);
    expect(await errorOf(await get(`/api/runs/${run}/readout`))).toEqual([
      404,
      `invalid run: ${run} was captured without a readout; lens=coda or lens=logit reads its states`
    ]);
    expect(await errorOf(await get(`/api/runs/${run}/readout?lens=tuned`))).toEqual([
      400,
      expect.stringMatching(/^invalid lens: "tuned"; /)
    ]);
    const elsewhere = join(await temporaryFolder(), "runs"); // a folder has one server
    await cp(join(runs, run), join(elsewhere, run), {recursive: true});
    const without = await startServer({runs: elsewhere, models: []});
    expect(await errorOf(await without.get(`/api/runs/${run}/readout?lens=logit`))).toEqual([
      404,
      "unknown model: tiny-arithmetic; there is none"
    ]);
  });
});
