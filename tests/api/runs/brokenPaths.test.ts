import {expect, it} from "vitest";
import {brokenLines, brokenPaths} from "../../../api/runs/brokenPaths.ts";
import {openTrace} from "../../../capture/trace/reader.ts";
import {numberedSlab, startSmallTrace} from "../../support/smallTrace.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

it("brokenPaths names each token with its first step, in whatever pieces the numbers come", () => {
  const [steps, inits, tokens, width] = [5, 2, 3, 4];
  const data = new Float32Array(steps * inits * tokens * width);
  const place = (step: number, init: number, token: number, i: number) => ((step * inits + init) * tokens + token) * width + i;
  data[place(2, 0, 1, 3)] = NaN;
  data[place(4, 0, 1, 0)] = Infinity;
  data[place(3, 1, 2, 0)] = -Infinity;
  for (const piece of [1, 7, 120]) {
    const broken = brokenPaths([steps, inits, tokens, width]);
    for (let at = 0; at < data.length; at += piece) broken.add(data.subarray(at, at + piece));
    expect(broken.lines(["a", "\u001b[31m", "c"])).toEqual([
      'token 1 "\\u001b[31m" of init 0 is not finite from step 2 on (NaN)',
      'token 2 "c" of init 1 is not finite from step 3 on (-Infinity)'
    ]);
  }
});

it("brokenPaths lists twenty, and says how many there are beside", () => {
  const broken = brokenPaths([1, 1, 25, 1]);
  broken.add(new Float32Array(25).fill(NaN));
  expect(broken.lines()).toHaveLength(21);
  expect(broken.lines().at(-1)).toBe("5 further trajectories are not finite");
});

it("brokenLines reads a run whose last step is not finite, and no other", async () => {
  const dir = await temporaryFolder();
  const writer = await startSmallTrace(dir, {steps: 3, inits: 1});
  await writer.writeState("input", new Float32Array(12));
  await writer.writeState("ln_f", new Float32Array(4));
  for (let step = 0; step <= 3; ++step) {
    const slab = numberedSlab(step, 12);
    if (step >= 2) slab[5] = Infinity; // token 1
    await writer.writeState("state", slab, step);
    await writer.finishStep(step, 1);
  }
  await writer.complete();
  const reader = await openTrace(dir);
  expect(await brokenLines(reader)).toEqual(['token 1 "b" is not finite from step 2 on (Infinity)']);
  await reader.close();
});
