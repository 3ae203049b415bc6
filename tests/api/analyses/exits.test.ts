import {describe, expect, it} from "vitest";
import {exitsSchema, type Run} from "../../../api/contract/contract.ts";
import {errorOf} from "../../support/responses.ts";
import {isOver, startServer} from "../../support/startServer.ts";

describe("GET exits of a run", () => {
  it("says for each rule where every trajectory would have left, and what its thresholds trade", async () => {
    const server = await startServer();
    const {run} = await server.until(await server.capture({prompt: "\n19+29=", steps: 24, inits: 2}), isOver);
    const exits = exitsSchema.parse(await (await server.get(`/api/runs/${run}/exits`)).json());
    expect(exits.rules.map(({name}) => name)).toEqual([
      "latent-diff",
      "cosine",
      "kl",
      "minp-kl",
      "entropy-diff",
      "argmax-stability",
      "latent-acceleration",
      "acceleration"
    ]);
    const places = [0, 1].flatMap((init) => Array.from({length: 7}, (_, index) => [init, index]));
    for (const {name, tokens, trades} of exits.rules) {
      const own = tokens.map(({index, init}) => [init, index]);
      if (name === "minp-kl") expect(exits.missing[0].why).toMatch(`of ${14 - own.length} of 14 trajectories: the 5 likeliest tokens`);
      else expect(own, name).toEqual(places);
      const last = tokens.filter(({index}) => index === 6);
      expect(
        last.every(({step, same}) => step !== null && step < 20 && same),
        name
      ).toBe(true);
      const saved = trades.map((trade) => trade.saved);
      expect(saved, name).toEqual([...saved].sort((a, b) => (name === "argmax-stability" ? b - a : a - b)));
    }
  });
  it("says what a generation does that leaves by the rule", async () => {
    const server = await startServer();
    const order = {prompt: "\n19+29=", steps: 24};
    const {run} = await server.until(await server.capture({...order, inits: 1}), isOver);
    const {rules} = exitsSchema.parse(await (await server.get(`/api/runs/${run}/exits`)).json());
    for (const exit of ["kl", "minp-kl", "entropy-diff", "argmax-stability"]) {
      const asked = {...order, model: "tiny-arithmetic", exit, max_new: 1, keep: false};
      const told = await (await server.send("POST", "/api/generations", asked)).text();
      const step = Number(/"steps":(\d+)/.exec(told)![1]);
      expect(
        rules.find(({name}) => name === exit)!.tokens.find(({index}) => index === 6),
        exit
      ).toMatchObject({step, same: true});
    }
  });
  it("follows a generated token no further than it went", async () => {
    const server = await startServer();
    await (await server.send("POST", "/api/generations", {model: "tiny-arithmetic", prompt: "\n19+29=", max_new: 9, exit: "kl"})).text();
    const {runs} = (await (await server.get("/api/runs")).json()) as {runs: {id: string}[]};
    const {trace} = (await (await server.get(`/api/runs/${runs[0].id}`)).json()) as Run;
    const exits = exitsSchema.parse(await (await server.get(`/api/runs/${runs[0].id}/exits`)).json());
    const own = trace.generated!.steps;
    expect(Math.min(...own)).toBeLessThan(trace.steps);
    for (const {name, tokens} of exits.rules)
      for (const {index, step} of tokens) expect(step ?? 0, `${name} of ${index}`).toBeLessThanOrEqual(own[index]);
  });
  it("is refused where the run kept no readout", async () => {
    const server = await startServer();
    const {run} = await server.until(await server.capture({steps: 2, readout: null}), isOver);
    expect(await errorOf(await server.get(`/api/runs/${run}/exits`))).toEqual([
      400,
      "invalid run: it kept no readout; expected one, to compare answers"
    ]);
  });
});
