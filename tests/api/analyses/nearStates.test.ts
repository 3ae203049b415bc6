import {expect, it} from "vitest";
import {nearAnswerSchema} from "../../../api/contract/contract.ts";
import {errorOf} from "../../support/responses.ts";
import {isOver, startServer} from "../../support/startServer.ts";

it("GET near of a settled state names the same token from the other start first, and never the trajectory itself", async () => {
  const server = await startServer();
  const {run} = await server.until(await server.capture({prompt: "48+37=", steps: 32, inits: 2}), isOver);
  const get = (query: string) => server.get(`/api/runs/${run}/near?${query}`);
  const {near} = nearAnswerSchema.parse(await (await get("token=5&init=0&step=32&count=20")).json());
  expect(near[0]).toMatchObject({init: 1, index: 5, text: "="});
  expect(near[0].distance).toBeLessThan(1e-4); // path independent: one place from both starts
  expect(near).toHaveLength(11);
  expect(near.some(({init, index}) => init === 0 && index === 5)).toBe(false);
  expect(near.map(({distance}) => distance)).toEqual(near.map(({distance}) => distance).toSorted((a, b) => a - b));
  expect(nearAnswerSchema.parse(await (await get("token=5&step=0")).json()).near).toHaveLength(8);
  const progress = await server.get(`/api/runs/${run}/near/progress?token=5&step=32`);
  expect(await progress.json()).toEqual({done: 0, of: 0, seconds_left: null}); // nobody waits
  expect(await errorOf(await get("token=5&step=33"))).toEqual([400, "invalid step: 33; expected 0 to 32"]);
  expect(await errorOf(await get("token=6&step=0"))).toEqual([400, "invalid token: 6; expected 0 to 5"]);
  expect((await errorOf(await get("token=5&step=0&site=nowhere")))[0]).toBe(400);
});
