import {describe, expect, it} from "vitest";
import type {GenerationNews, GenerationResult, Run} from "../../../api/contract/contract.ts";
import {readEvents} from "../../../app/source/readEvents.ts";
import {errorOf} from "../../support/responses.ts";
import {MAX_TITLE_CHARACTERS} from "../../../capture/bounds.ts";
import {startServer} from "../../support/startServer.ts";

const SUM = "\n19+29=";
const order = (more: object = {}) => ({model: "tiny-arithmetic", prompt: SUM, max_new: 3, ...more});

interface Told {
  readonly event: string;
  readonly data: GenerationNews & GenerationResult & {readonly error: string};
}

const eventsOf = (response: Response) => readEvents(response) as AsyncGenerator<Told>;

describe("POST /api/generations", () => {
  it("tells each token as it is made, and at last what it took; the positions are a run that opens", async () => {
    const server = await startServer();
    const told: Told[] = [];
    for await (const one of eventsOf(await server.send("POST", "/api/generations", order()))) told.push(one);
    expect(told.map(({event}) => event)).toEqual(["token", "token", "token", "end"]);
    expect(told.slice(0, 3).map(({data}) => data.text)).toEqual(["4", "48", "48\n"]);
    const {run, text} = told[3].data;
    expect(text).toBe("48\n");
    const opened = (await (await server.get(`/api/runs/${run}`)).json()) as Run;
    expect(opened).toMatchObject({trace: {status: "complete", generated: {from: 7, kv: "full"}, tokens: {length: 9}}});
    const {runs} = (await (await server.get("/api/runs")).json()) as {runs: {id: string}[]};
    expect(runs.map(({id}) => id)).toContain(run);
  });
  it("takes a prompt that is longer than a title may be", async () => {
    const server = await startServer();
    const prompt = "1+".repeat(150);
    const told: Told[] = [];
    for await (const one of eventsOf(await server.send("POST", "/api/generations", order({prompt, max_new: 1, steps: 1})))) told.push(one);
    const {runs} = (await (await server.get("/api/runs")).json()) as {runs: {id: string; title: string; prompt: string}[]};
    expect(runs).toMatchObject([{id: told.at(-1)!.data.run, title: `${prompt.slice(0, MAX_TITLE_CHARACTERS - 1)}…`, prompt}]);
  });
  it("keeps nothing where nothing is to be kept", async () => {
    const server = await startServer();
    await (await server.send("POST", "/api/generations", order({keep: false}))).text();
    expect(await (await server.get("/api/runs")).json()).toMatchObject({runs: []});
  });
  it.each([
    [{exit: "nope"}, 400, "unknown exit rule: nope; one of latent-diff, "],
    [{exit: "kl:-1"}, 400, "invalid threshold of kl: -1; expected a number from 0"],
    [{kv: "nope"}, 400, "unknown cache strategy: nope; one of full, "],
    [{model: "nope"}, 404, "unknown model: nope"],
    [{max_new: 2000}, 400, "context too long: 7 tokens of prompt and 2000 new ones; the model takes at most 1024"],
    [{temperature: -0.1}, 400, "temperature"],
    [{prompt: undefined}, 400, "expected exactly one of prompt and token_ids"],
    [{speculate: {draft_steps: 2, lookahead: 4}, sample: true}, 400, "not together with sample"]
  ])("refuses %j before the first token", async (more, status, message) => {
    const server = await startServer();
    const response = await server.send("POST", "/api/generations", order(more));
    const [code, line] = await errorOf(response);
    expect(code).toBe(status);
    expect(line).toContain(message);
  });
  it("a client that leaves ends its generation, and the next one runs", async () => {
    const server = await startServer();
    const abort = new AbortController();
    const long = await server.get("/api/generations", {
      method: "POST",
      headers: {"content-type": "application/json"},
      body: JSON.stringify(order({max_new: 900, steps: 512, keep: false})),
      signal: abort.signal
    });
    for await (const {event} of eventsOf(long)) {
      expect(event).toBe("token");
      abort.abort();
      break;
    }
    const told: string[] = [];
    for await (const {event} of eventsOf(await server.send("POST", "/api/generations", order({keep: false})))) told.push(event);
    expect(told.at(-1)).toBe("end");
  });
});
