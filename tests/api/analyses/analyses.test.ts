import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {patternsSchema, spectrumSchema} from "../../../api/contract/contract.ts";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";
import {errorOf, tensorsOf} from "../../support/responses.ts";
import {isOver, startServer} from "../../support/startServer.ts";

const examples = join(exampleRun, "..");

describe("analyses", () => {
  it("UMAP draws a run with how far it can be trusted", async () => {
    const {capture, until, get} = await startServer();
    const {run} = await until(await capture({steps: 12, inits: 2}), isOver);
    const path = `/api/runs/${run}/projection?method=umap&seed=3`;
    const first = await tensorsOf(await get(path));
    expect(first.tensors.get("points")!.shape).toEqual([13, 2, 4, 2]);
    expect(first.tensors.get("trust")!.shape).toEqual([2, 4]);
    expect(Number(first.metadata.trustworthiness)).toBeGreaterThan(0.5);
    expect(await errorOf(await get(`${path}&dims=5`))).toEqual([400, "invalid dims: 5; expected 2 or 3"]);
  });

  it("PCA tells which share of each trajectory it shows", async () => {
    const {get} = await startServer({examples});
    const {tensors} = await tensorsOf(await get("/api/runs/sum-and-parity/projection?dims=2"));
    expect(tensors.get("kept")!.shape).toEqual([4, 21]);
    expect(tensors.get("kept_motion")!.shape).toEqual([4, 21]);
  });

  it("patterns are those of orrery analyze, with the run's own tokens", async () => {
    const {get} = await startServer({examples});
    const {tokens, summary} = patternsSchema.parse(await (await get("/api/runs/sum-and-parity/patterns")).json());
    expect(tokens.slice(0, 3).map(({text}) => text)).toEqual(["\n", "4", "8"]);
    expect(summary).toMatchObject({site: "state", steps: 65, counts: {converging: 84}});
  });

  it("the spectrum comes from the model that made the run, and only from that", async () => {
    const {get} = await startServer({examples});
    const {tokens, step} = spectrumSchema.parse(await (await get("/api/runs/sum-and-parity/spectrum?tokens=2&count=3")).json());
    expect([step, tokens.map(({index, text, eigenvalues}) => [index, text, eigenvalues.length])]).toEqual([64, [[2, "8", 3]]]);
    expect(await errorOf(await get("/api/runs/sum-and-parity/spectrum?tokens=21"))).toEqual([400, "invalid token: 21; expected 0 to 20"]);
    const without = await startServer({examples, models: []});
    expect(await errorOf(await without.get("/api/runs/sum-and-parity/spectrum"))).toEqual([
      404,
      "unknown model: tiny-arithmetic; there is none"
    ]);
  });

  it("an answer that nobody waits for does not hold up the next", async () => {
    const {get} = await startServer({examples});
    const abort = new AbortController();
    const left = get("/api/runs/sum-and-parity/projection?method=umap", {signal: abort.signal});
    abort.abort();
    await expect(left).rejects.toThrow("aborted");
    expect((await get("/api/runs/sum-and-parity/metrics")).status).toBe(200);
  });
});
