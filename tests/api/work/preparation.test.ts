import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {runCli, startCli} from "../../support/runCli.ts";
import {errorOf} from "../../support/responses.ts";
import {copiedModel} from "../../support/shippedModel.ts";
import {startServer} from "../../support/startServer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

/** A model whose tokenizer cuts texts by a pattern that backtracks: it takes for ever on `evil`. */
async function endlessModel(): Promise<string> {
  const folder = await copiedModel();
  const path = join(folder, "tokenizer.json");
  const json = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
  const split = {type: "Split", pattern: {Regex: "(a+)+b"}, behavior: "Isolated", invert: false};
  await writeFile(path, JSON.stringify({...json, pre_tokenizer: split}));
  return folder;
}

const evil = "a".repeat(60);
const told = /^tokenizer of damaged: a text of 60 characters came to no end within 5 s$/;

describe("a tokenizer whose pattern backtracks", () => {
  it("is told in one line through every route, and the server answers others meanwhile", async () => {
    const model = await endlessModel();
    const {send, get} = await startServer({models: [join(model, "..")]});
    const asked = Promise.all([
      send("POST", "/api/models/damaged/tokens", {prompt: evil}).then(errorOf),
      send("POST", "/api/captures", {model: "damaged", prompt: evil}).then(errorOf),
      send("POST", "/api/experiments", {model: "damaged", prompts: [{prompt: evil}]}).then(errorOf)
    ]);
    let answered = 0;
    for (let i = 0; i < 5; ++i) answered += Number((await get("/api/runs")).status === 200);
    expect(answered).toBe(5);
    const [tokens, capture, experiment] = await asked;
    expect(tokens).toEqual([504, expect.stringMatching(told)]);
    expect(capture).toEqual([504, expect.stringMatching(told)]);
    expect([experiment[0], experiment[1].replace(/^invalid prompt 1: /, "")]).toEqual([504, expect.stringMatching(told)]);
    expect((await send("POST", "/api/models/damaged/tokens", {prompt: "1"})).status).toBe(200);
  });

  it("does not keep the server from ending", async () => {
    const model = await endlessModel();
    const folder = await temporaryFolder();
    const cli = startCli(["serve", "--port", "0", "--runs", join(folder, "runs"), "--models", join(model, "..")]);
    const url = /http:\S+/.exec(await cli.until("http://"))![0];
    const asked = fetch(new URL("/api/models/damaged/tokens", url), {
      method: "POST",
      headers: {"content-type": "application/json"},
      body: JSON.stringify({prompt: evil})
    }).catch(() => undefined);
    await fetch(new URL("/api/runs", url));
    cli.process.kill("SIGTERM");
    expect((await cli.end).status).toBe(0);
    await asked;
  });

  it("ends in the shell, too", async () => {
    const {status, stderr} = await runCli([
      "capture",
      "--model",
      await endlessModel(),
      "--prompt",
      evil,
      "--out",
      join(await temporaryFolder(), "run")
    ]);
    expect([status, stderr.trim()]).toEqual([1, expect.stringMatching(told)]);
  });
});
