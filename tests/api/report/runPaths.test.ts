import {join} from "node:path";
import {expect, it} from "vitest";
import {runPaths} from "../../../api/report/runPaths.ts";
import {openTrace, type TraceReader} from "../../../capture/trace/reader.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";
import {FLIPPING, writeReportTrace} from "./reportTrace.ts";

const WIDTH = 16;
const STEPS = 64;
const INITS = 4;
const TOKEN_BYTES = 4 * (STEPS + 1) * INITS * WIDTH; // of all states of one token

/** A reader that notes the bytes of each slice that is read of it. */
function counted(reader: TraceReader): {readonly reader: TraceReader; readonly read: number[]} {
  const read: number[] = [];
  return {
    read,
    reader: {
      ...reader,
      async readSite(site, options) {
        const slice = await reader.readSite(site, options);
        read.push(slice.data.byteLength);
        return slice;
      }
    }
  };
}

it("runPaths reads some tokens at a time, says the same of each token, and takes the sequence of as many as it may hold", async () => {
  const dir = join(await temporaryFolder(), "run");
  await writeReportTrace(dir, {steps: STEPS, inits: INITS, tokens: ["a", "b", "c", "d", "e", "f"], width: WIDTH});
  const trace = await openTrace(dir);
  const topIds = (await trace.readReadout())!.top_ids;
  const whole = counted(trace);
  const all = await runPaths(whole.reader, {topIds, words: {}});
  expect(whole.read).toEqual([6 * TOKEN_BYTES]); // once, since all fit
  expect(all.sampled).toBeUndefined();
  const parts = counted(trace);
  const some = await runPaths(parts.reader, {topIds, words: {}, most: 2 * TOKEN_BYTES + 1});
  expect(parts.read).toEqual([2, 2, 2, 2].map((tokens) => tokens * TOKEN_BYTES)); // three chunks, and the sequence's sample
  expect(some.sampled).toBe(2);
  expect(some.paths!.tokens).toEqual(all.paths!.tokens);
  expect(some.paths!.tokens.map(({verdict}) => verdict)).toEqual(Array(6).fill("independent"));
  expect(some.paths!.tokens[FLIPPING].period).toBe(2);
  expect(some.paths!.sequence).toMatchObject({verdict: "independent", period: 1}); // of tokens 0 and 3, which rest; all of them flip with token 1
  expect(all.paths!.sequence.period).toBe(2);
  await trace.close();
});

it("runPaths leaves out an initial state that is finite nowhere, and a token that is not finite from the others, and says the same of the rest", async () => {
  const dir = join(await temporaryFolder(), "run");
  await writeReportTrace(dir, {steps: STEPS, inits: INITS, tokens: ["a", "b", "c", "d"], width: WIDTH});
  const reader = await openTrace(dir);
  const of = (bad: {token: number; init: number}[], {inits = [0, 1, 2, 3], tokens = [0, 1, 2, 3]} = {}) => {
    const isBad = (token: number, init: number) => bad.some((one) => one.token === token && one.init === init);
    const broken: TraceReader = {
      ...reader,
      async readSite(site, options = {}) {
        const slice = await reader.readSite(site, options);
        const [own, some] = [options.inits ?? inits, options.tokens ?? tokens];
        slice.data.forEach((_, i) => {
          const row = Math.floor(i / WIDTH);
          if (isBad(some[row % some.length], own[Math.floor(row / some.length) % own.length])) slice.data[i] = NaN;
        });
        return slice;
      }
    };
    return runPaths(broken, {topIds: undefined, words: {}, bad});
  };
  const all = await of([]);
  const lost = [0, 1, 2, 3].map((token) => ({token, init: 1}));
  const some = await of([...lost, {token: 2, init: 3}]);
  expect(some.leftOut).toEqual({tokens: 1, inits: 1});
  expect(some.paths!.tokens.map(({index, text, verdict, period}) => [index, text, verdict, period])).toEqual(
    all.paths!.tokens.filter(({index}) => index !== 2).map(({index, text, verdict, period}) => [index, text, verdict, period])
  );
  expect(some.paths!.sequence.verdict).toBe("independent");
  expect((await of([0, 1, 2].flatMap((init) => lost.map(({token}) => ({token, init}))))).no_paths).toMatch(/^One initial state has finite/);
  expect((await of([0, 1, 2, 3].map((token) => ({token, init: token})))).no_paths).toBe(
    "No token has finite numbers from all initial states."
  );
  await reader.close();
});
