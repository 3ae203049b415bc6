import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";
import {patternsSchema, portraitInfoSchema} from "../../../api/contract/contract.ts";
import {parseSafetensors} from "../../../app/source/safetensors.ts";
import {startServer} from "../../support/startServer.ts";

const examples = fileURLToPath(new URL("../../../fixtures/runs", import.meta.url));

describe("GET /api/runs/:run/portrait", () => {
  it("draws a trajectory in the numbers that its verdict has", async () => {
    const {get} = await startServer({examples});
    const verdicts = patternsSchema.parse(await (await get("/api/runs/sum-and-parity/patterns")).json());
    const at = verdicts.tokens.findIndex(({pattern, init}) => pattern === "converging" && init === 1);
    const {index, window, rate} = verdicts.tokens[at];
    const response = await get(`/api/runs/sum-and-parity/portrait?token=${index}&init=1`);
    const {tensors, metadata} = parseSafetensors(await response.arrayBuffer());
    const info = portraitInfoSchema.parse(JSON.parse(metadata.portrait));
    expect(info).toMatchObject({token: index, init: 1, inits: [0, 1, 2, 3], pattern: "converging", window, rate});
    expect(info.companions.map(({relation}) => relation)).toEqual(["same", "same", "same", "same"]);
    expect(tensors.points.shape).toEqual([65, 4, 2]);
    expect(tensors.recurrence.shape).toEqual([65, 65]);
  });

  it("names a token, an init and a site that are not there", async () => {
    const {get} = await startServer({examples});
    const lineOf = async (query: string): Promise<string> =>
      ((await (await get(`/api/runs/sum-and-parity/portrait?${query}`)).json()) as {error: string}).error;
    expect(await lineOf("token=99")).toMatch(/^invalid token: 99/);
    expect(await lineOf("token=0&init=4")).toBe("invalid init: 4; expected 0 to 3");
    expect(await lineOf("token=0&site=x")).toMatch(/^unknown site: x/);
    expect(await lineOf("")).toMatch(/token/);
  });
});

it("labels of some tokens are those of all, with q at most larger", async () => {
  const {get} = await startServer({examples});
  const all = patternsSchema.parse(await (await get("/api/runs/sum-and-parity/patterns")).json());
  const some = patternsSchema.parse(await (await get("/api/runs/sum-and-parity/patterns?tokens=3,7")).json());
  expect(some.tokens.map(({index, init}) => [init, index])).toEqual(
    [0, 1, 2, 3].flatMap((init) => [
      [init, 3],
      [init, 7]
    ])
  );
  for (const verdict of some.tokens) {
    const full = all.tokens.find(({index, init}) => index === verdict.index && init === verdict.init)!;
    expect(verdict).toMatchObject({text: full.text, p: full.p, window: full.window});
    expect(verdict.q).toBeGreaterThanOrEqual(full.q);
    expect([full.pattern, "unsettled"]).toContain(verdict.pattern);
  }
});
