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
