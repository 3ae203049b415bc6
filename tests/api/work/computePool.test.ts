import {describe, expect, it} from "vitest";
import {nearQuerySchema} from "../../../api/contract/contract.ts";
import {createComputePool} from "../../../api/work/computePool.ts";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";

const patterns = {kind: "patterns", site: "state"} as const;

describe("createComputePool", () => {
  it("that closes tells those who wait, and those who come later, so", async () => {
    const pool = createComputePool({processes: 1});
    const [first, second] = [pool.run(exampleRun, patterns), pool.run(exampleRun, patterns)];
    const outcomes = Promise.allSettled([first, second]);
    await pool.close();
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({status: "rejected", reason: {kind: "closing", message: "the server is closing"}});
    await expect(pool.run(exampleRun, patterns)).rejects.toThrow("the server is closing");
  });

  it("gives a reason that is the signal's to one who left, and computes on for the others", async () => {
    const pool = createComputePool({processes: 1});
    const abort = new AbortController();
    const left = pool.run(exampleRun, patterns, {signal: abort.signal});
    const stays = pool.run(exampleRun, patterns);
    abort.abort(new Error("gone"));
    await expect(left).rejects.toThrow("gone");
    expect(JSON.parse(new TextDecoder().decode(await stays))).toHaveProperty("tokens");
    await pool.close();
  });

  it.each([
    patterns,
    {kind: "metrics", site: "state"} as const,
    {kind: "near", query: nearQuerySchema.parse({token: 3, step: 9})} as const
  ])("tells how many trajectories are done: $kind", async (computation) => {
    const pool = createComputePool({processes: 1});
    const told: {done: number; of: number}[] = [];
    await pool.run(exampleRun, computation, {onProgress: (progress) => told.push(progress)});
    await pool.close();
    expect(told.every(({done, of}, i) => of === 84 && done <= of && done > (told[i - 1]?.done ?? 0))).toBe(true);
    expect(told.length).toBeGreaterThan(0);
  });

  it("that is warm answers as a cold one, and again after a computation was ended", async () => {
    const pool = createComputePool({processes: 1});
    pool.warm();
    const abort = new AbortController();
    const left = pool.run(exampleRun, patterns, {signal: abort.signal});
    abort.abort(new Error("gone"));
    await expect(left).rejects.toThrow("gone");
    expect(JSON.parse(new TextDecoder().decode(await pool.run(exampleRun, patterns)))).toHaveProperty("tokens");
    await pool.close();
  });
});
