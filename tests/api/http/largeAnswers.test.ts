import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {openTrace} from "../../../capture/trace/reader.ts";
import {parseHeader} from "../../../capture/trace/safetensorsHeader.ts";
import {errorOf} from "../../support/responses.ts";
import {createTrace} from "../../../capture/trace/writer.ts";
import {numberedSlab, smallAnnouncement, startSmallTrace} from "../../support/smallTrace.ts";
import {startServer} from "../../support/startServer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const STEPS = 4;

/** A server with one run of 5 × 2 × 3 states of that width: more than a part of an answer, or more than a part in one state. */
async function served(width: number, storageDtype: "f32" | "bf16") {
  const runs = join(await temporaryFolder(), "runs");
  const writer = await startSmallTrace(join(runs, "large"), {steps: STEPS, inits: 2, tokens: 3, width, storageDtype});
  for (let step = 0; step <= STEPS; ++step) {
    await writer.writeState(
      "state",
      Float32Array.from({length: 2 * 3 * width}, (_, i) => step + Math.sin(i)),
      step
    );
    await writer.finishStep(step, 1);
  }
  await writer.complete();
  return {...(await startServer({runs})), dir: join(runs, "large")};
}

describe("states of more than one part", () => {
  it.each([
    [20_000, "bf16", "", {}],
    [20_000, "f32", "?from=1&to=3&inits=1&tokens=2,0", {steps: [1, 3], inits: [1], tokens: [2, 0]}],
    [150_000, "f32", "?from=2&to=4&inits=1,0&tokens=2,0,1", {steps: [2, 4], inits: [1, 0], tokens: [2, 0, 1]}],
    [300_000, "bf16", "?tokens=1", {tokens: [1]}]
  ] as const)("of width %d in %s are those of the trace, bit for bit (%s)", async (width, dtype, query, slice) => {
    const {get, dir} = await served(width, dtype);
    const response = await get(`/api/runs/large/states${query}`);
    const length = Number(response.headers.get("content-length"));
    const message = new Uint8Array(await response.arrayBuffer());
    const {tensors, metadata} = parseHeader(message);
    expect(message.length).toBe(length);
    const reader = await openTrace(dir);
    const {data, firstStep, ...shape} = await reader.readSite("state", slice);
    await reader.close();
    expect(tensors.get("state")!.shape).toEqual([shape.steps, shape.inits, shape.tokens, width]);
    expect(metadata).toEqual({site: "state", first_step: String(firstStep)});
    expect(
      Buffer.compare(message.subarray(message.length - data.byteLength), Buffer.from(data.buffer, data.byteOffset, data.byteLength))
    ).toBe(0);
  });

  it("are refused in one line where they are not there", async () => {
    const {get} = await served(150_000, "f32");
    for (const [query, error] of [
      ["?to=9", "invalid steps of state: 0 to 9; expected 0 to 4"],
      ["?tokens=0,7", "invalid token: 7; expected 0 to 2"],
      ["?inits=0,2", "invalid init: 2; expected 0 to 1"]
    ])
      expect(await errorOf(await get(`/api/runs/large/states${query}`))).toEqual([400, error]);
  });
});

/** A server with a run of 5 × 1 × 90,000 tops and entropies: more than a part of an answer, and more texts than are read at once. */
async function readOut() {
  const runs = join(await temporaryFolder(), "runs");
  const dir = join(runs, "large");
  const sizes = {steps: STEPS, inits: 1, tokens: 90_000, width: 1};
  const readout = [
    {name: "entropy", dtype: "F32", shape: [1, sizes.tokens], steps: STEPS + 1},
    {name: "top_ids", dtype: "I32", shape: [1, sizes.tokens, 1], steps: STEPS + 1}
  ] as const;
  const writer = await createTrace(dir, smallAnnouncement({...sizes, readout: true}), {
    states: [{name: "state", dtype: "F32", shape: [1, sizes.tokens, 1], steps: STEPS + 1}],
    readout
  });
  const texts = new Map(Array.from({length: sizes.tokens}, (_, id) => [id, `the word ${id}`]));
  await writer.writeTexts(texts);
  for (let step = 0; step <= STEPS; ++step) {
    await writer.writeState("state", numberedSlab(step, sizes.tokens), step);
    await writer.writeReadout("entropy", numberedSlab(step, sizes.tokens), step);
    await writer.writeReadout(
      "top_ids",
      Int32Array.from({length: sizes.tokens}, (_, i) => step * 7 + i),
      step
    );
    await writer.finishStep(step, 1);
  }
  await writer.complete();
  return {...(await startServer({runs})), dir, texts};
}

describe("a readout of more than one part", () => {
  it("is that of the trace, bit for bit, whole or some steps of it, and so are its texts", async () => {
    const {get, dir, texts} = await readOut();
    const whole = new Uint8Array(await readFile(join(dir, "readout.safetensors")));
    for (const [query, first, end, steps] of [
      ["", 0, 5, undefined],
      ["?from=1&to=3", 1, 4, "5"],
      ["?from=4", 4, 5, "5"],
      ["?to=0", 0, 1, "5"]
    ] as const) {
      const response = await get(`/api/runs/large/readout${query}`);
      const message = new Uint8Array(await response.arrayBuffer());
      const {tensors, metadata, dataStart} = parseHeader(message);
      const stored = parseHeader(whole);
      expect([Number(response.headers.get("content-length")), metadata]).toEqual([
        message.length,
        {lens: "coda", ...(steps !== undefined && {steps})}
      ]);
      for (const [name, {dtype, shape, begin}] of stored.tensors) {
        const row = shape[2] * 4;
        const found = tensors.get(name)!;
        expect([name, found.dtype, found.shape]).toEqual([name, dtype, [end - first, ...shape.slice(1)]]);
        const expected = whole.subarray(stored.dataStart + begin + first * row, stored.dataStart + begin + end * row);
        expect(Buffer.compare(message.subarray(dataStart + found.begin, dataStart + found.end), expected)).toBe(0);
      }
    }
    expect(await errorOf(await get("/api/runs/large/readout?from=7"))).toEqual([
      400,
      "invalid steps: 7 to the last; expected a range that begins in 0 to 4"
    ]);
    expect(((await (await get("/api/runs/large/texts")).json()) as {texts: object}).texts).toEqual(Object.fromEntries(texts));
  });
});
