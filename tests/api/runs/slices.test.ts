import {describe, expect, it} from "vitest";
import {joinSlices} from "../../../app/source/slices.ts";
import {parseSafetensors, type Tensors} from "../../../app/source/safetensors.ts";
import {errorOf} from "../../support/responses.ts";
import {isOver, useServer} from "../../support/startServer.ts";

describe("answers in slices of steps", () => {
  const place = useServer(
    () => ({}),
    async ({capture, until}) => {
      const captured = async (order: object): Promise<string> =>
        (await until(await capture({prompt: "48+37=", steps: 7, inits: 2, ...order}), isOver)).run;
      return {run: await captured({sites: ["state", "core.0.out"]}), shorter: await captured({steps: 3})};
    }
  );
  const ask = async (path: string): Promise<Tensors> => {
    const response = await place.server.get(`/api/runs/${place.prepared.run}/${path}`);
    expect(response.status).toBe(200);
    return parseSafetensors(await response.arrayBuffer());
  };

  it.each([
    ["metrics", "metrics?"],
    ["metrics of a site that begins at step 1", "metrics?site=core.0.out"],
    ["the readout", "readout?"],
    ["the readout through another lens", "readout?lens=logit"],
    ["a projection", "projection?dims=3"],
    ["a projection with another run, which is shorter", "projection?fit=joint&with=OTHER"]
  ])("%s: the slices joined are the whole, whatever their length", async (_, path) => {
    const query = path.replace("OTHER", place.prepared.shorter);
    const whole = await ask(query);
    for (const length of [1, 3, 8]) {
      const slices: Tensors[] = [];
      for (let from = 0; from <= 7; from += length) slices.push(await ask(`${query}&from=${from}&to=${Math.min(7, from + length - 1)}`));
      expect(joinSlices(slices).tensors).toEqual(whole.tensors);
    }
  });

  it("a range without a step is refused in one line", async () => {
    const refused = async (path: string) => errorOf(await place.server.get(`/api/runs/${place.prepared.run}/${path}`));
    expect(await refused("metrics?from=8&to=9")).toEqual([400, "invalid steps: 8 to 9; expected a range that begins in 0 to 7"]);
    expect(await refused("projection?from=3&to=2")).toEqual([400, "invalid steps: 3 to 2; expected a range that begins in 0 to 7"]);
    expect(await refused("readout?from=-1")).toEqual([400, expect.stringMatching(/^invalid from: "-1"; /)]);
  });
});
