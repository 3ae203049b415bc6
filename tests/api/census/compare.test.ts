import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {compareCensuses} from "../../../api/census/compareCensuses.ts";
import {censusComparisonSchema, type CensusComparison} from "../../../api/contract/contract.ts";
import {writeCensus} from "../../support/madeCensus.ts";
import {runCli} from "../../support/runCli.ts";
import {startServer} from "../../support/startServer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const prompts = ["7 cats", "a 5", "no", "66", "x=3"];
const system = "Be 1: ";

/** Digits orbit without the system prompt, and slide after it. */
async function both() {
  const root = await temporaryFolder();
  const censuses = join(root, "censuses");
  const plain = await writeCensus(censuses, "plain", {prompts, claim: (text) => (/\d/.test(text) ? "orbit" : "converging")});
  const told = await writeCensus(censuses, "told", {
    prompts: prompts.map((prompt) => system + prompt),
    claim: (text) => (/\d/.test(text) ? "slider" : "converging")
  });
  const other = await writeCensus(censuses, "other", {prompts: ["ab", "c"], claim: () => "converging"});
  return {root, plain, told, other};
}

describe("two censuses side by side", () => {
  it("take the same prompts, with something before them, for pairs, and cross the labels of their tokens", async () => {
    const {plain, told} = await both();
    const {paired, shares, same, tokens, crossed} = await compareCensuses(plain, told);
    const all = prompts.join("").length;
    const digits = prompts.join("").replace(/\D/g, "").length;
    expect({paired, tokens, same}).toEqual({paired: true, tokens: all, same: all - digits});
    expect(crossed!.orbit).toEqual({converging: 0, orbit: 0, slider: digits, unsettled: 0});
    const share = (group: string | null, label: string) => shares.find((one) => one.group === group && one.label === label)!;
    expect(share(null, "orbit").difference).toBeCloseTo(-digits / all, 12);
    expect(share("number", "slider")).toMatchObject({first: {share: 0}, other: {share: 1}, difference: 1});
  });

  it("are two samples where the prompts are others", async () => {
    const {plain, other} = await both();
    expect(await compareCensuses(plain, other)).toMatchObject({paired: false, same: null, tokens: null, crossed: null});
  });

  it("are told by orrery compare and over HTTP alike; one that is not finished is refused", async () => {
    const {root, plain, told} = await both();
    const {status, stdout, stderr} = await runCli(["compare", plain, told, "--json"]);
    expect({status, stderr}).toEqual({status: 0, stderr: ""});
    const {first, other, ...printed} = JSON.parse(stdout) as CensusComparison & {first: string; other: string};
    expect([first, other]).toEqual([plain, told]);
    const server = await startServer({runs: join(root, "runs")});
    const answer = censusComparisonSchema.parse(await (await server.get("/api/censuses/plain/comparison?with=told")).json());
    expect(answer).toEqual(printed);
    const missing = await server.get("/api/censuses/plain/comparison?with=none");
    expect([missing.status, await missing.json()]).toEqual([404, {error: "unknown census: none"}]);
    const half = await writeCensus(join(root, "censuses"), "half", {prompts, claim: () => "orbit", shards: 1});
    await expect(compareCensuses(plain, half)).rejects.toThrow("unfinished census: half has no labels yet; expected a finished one");
  });
});
