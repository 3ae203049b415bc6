import {describe, expect, it} from "vitest";
import {manyRuns, putLoad} from "../../support/load.ts";
import {isOver, startServer} from "../../support/startServer.ts";
import {join} from "node:path";

describe("many clients at once", () => {
  it("list, open, slice and project while captures run, and none is refused", async () => {
    const {url, runs, capture, until} = await startServer();
    const {run} = await until(await capture({steps: 4, prompt: "12+34="}), isOver);
    const names = await manyRuns(join(runs, run), runs, 50);
    const {answers, errors, captured} = await putLoad({
      url,
      runs: names.slice(0, 5),
      clients: 16,
      seconds: 20,
      requests: 400,
      seed: 1,
      pauseMs: 0
    });
    expect(errors).toEqual([]);
    expect(answers.length).toBeGreaterThan(16);
    expect(captured.length).toBeGreaterThan(0);
  });
});
