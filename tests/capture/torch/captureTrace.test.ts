import {numberedToken} from "../../../capture/trace/numberedToken.ts";
import {readdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it, onTestFinished} from "vitest";
import {divergenceOf, entropyOf, logSoftmax, topOf} from "../../../capture/loop/readoutRow.ts";
import {openTrace, readTrace, type TraceReader} from "../../../capture/trace/reader.ts";
import {encodeSafetensors, openSafetensors} from "../../../capture/trace/safetensors.ts";
import {sealKilledTrace} from "../../../capture/trace/sealKilledTrace.ts";
import {pythonWith} from "../../support/python.ts";
import {smallAnnouncement, startSmallTrace, writeNumbered} from "../../support/smallTrace.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const numpy = pythonWith("numpy");
const torch = pythonWith("torch", "numpy");
const script = join(import.meta.dirname, "../../../capture/torch");
const golden = join(import.meta.dirname, "../../../fixtures/golden/a_d32_h4_p2c4k2");
const imports = `import sys, json, os
sys.path[:0] = [${JSON.stringify(script)}, ${JSON.stringify(import.meta.dirname)}]
import numpy as np, capture_trace`;

async function opened(dir: string): Promise<TraceReader> {
  const reader = await openTrace(dir);
  onTestFinished(() => reader.close());
  return reader;
}

const largest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((max, x, i) => Math.max(max, Math.abs(x - b[i])), a.length === b.length ? 0 : Infinity);

describe("capture_trace.py's writer", () => {
  const code = `${imports}
dir, announcement, last = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
T = capture_trace.Tensor
states = [T("input", "F32", [3, 4]), T("ln_f", "F32", [4]), T("state", "F32", [2, 3, 4], 5)]
writer = capture_trace.TraceWriter(dir, announcement, states, [T("entropy", "F32", [2, 3], 5)])
slab = lambda step, count: (step * 1000 + np.arange(count)).astype(np.float32)
writer.states.write("input", slab(0, 12)); writer.states.write("ln_f", np.ones(4, np.float32))
for step in range(last + 1):
    writer.states.write("state", slab(step, 24), step); writer.readout.write("entropy", slab(step, 6), step); writer.finish_step(step, 1)
if last == 4: writer.complete()
elif sys.argv[4] == "stop": writer.stop("two\\nlines")
else: writer.save(); os._exit(9)`;

  const announcement = (): string => {
    const {schema: _, ...rest} = smallAnnouncement({readout: true});
    return JSON.stringify(rest);
  };

  it.skipIf(!numpy)("writes the same bytes as Orrery's own", async () => {
    const dir = await temporaryFolder();
    const writer = await startSmallTrace(join(dir, "ours"), {readout: true});
    await writeNumbered(writer, 4);
    await writer.complete();
    numpy!(code, join(dir, "theirs"), announcement(), "4");
    expect((await readdir(join(dir, "theirs"))).sort()).toEqual((await readdir(join(dir, "ours"))).sort());
    for (const name of ["states.safetensors", "readout.safetensors"])
      expect((await readFile(join(dir, "theirs", name))).equals(await readFile(join(dir, "ours", name))), name).toBe(true);
    expect(await readTrace(join(dir, "theirs"))).toEqual(await readTrace(join(dir, "ours")));
  });

  it.skipIf(!numpy)("cuts a run that stopped early to the steps that are there", async () => {
    const dir = join(await temporaryFolder(), "run");
    numpy!(code, dir, announcement(), "2", "stop");
    expect(await readTrace(dir)).toMatchObject({status: "partial", stopped: "two lines", steps_written: 2});
    const whole = await openSafetensors(join(dir, "states.safetensors")); // refuses a file that is shorter than its header says
    expect(whole.tensors.get("state")?.shape).toEqual([3, 2, 3, 4]);
    await whole.close();
    expect((await (await opened(dir)).readSite("state", {steps: [2, 2], inits: [1], tokens: [0]})).data).toEqual(
      Float32Array.of(2012, 2013, 2014, 2015)
    );
    expect((await readdir(dir)).includes("writer.json")).toBe(false);
  });

  it.skipIf(!numpy)("leaves a readable partial run when it is killed, which Orrery then seals", async () => {
    const dir = join(await temporaryFolder(), "run");
    expect(() => numpy!(code, dir, announcement(), "2", "kill")).toThrow();
    expect((await (await opened(dir)).readSite("state")).steps).toBe(3);
    expect(await sealKilledTrace(dir, "killed")).toMatchObject({status: "partial", stopped: "killed", steps_written: 2});
    await (await openSafetensors(join(dir, "states.safetensors"))).close();
  });

  it.skipIf(!numpy)("says of a token without a text what Orrery says", () => {
    expect(numpy!(`${imports}\nprint(capture_trace.text_by(None)(7))`).trim()).toBe(numberedToken(7));
  });

  it.skipIf(!numpy)("refuses a folder that holds something", async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, "mine"), "x");
    expect(() => numpy!(code, dir, announcement(), "4")).toThrow(
      `invalid run folder: ${dir} is there already; expected a new or an empty one`
    );
    expect(await readdir(dir)).toEqual(["mine"]);
  });
});

describe("capture_trace.py's capture", () => {
  const code = `${imports}
import stand_in, torch
torch.set_num_threads(1)
dir, options = sys.argv[1], json.loads(sys.argv[2])
model = stand_in.StandIn(${JSON.stringify(golden)}, values=options.pop("values", 2)).to(getattr(torch, options.pop("dtype", "float32")))
if "given" in options: options["given"] = capture_trace.read_states(options["given"])
stop = options.pop("stop", None)
def progress(step, steps):
    if step == stop: raise RuntimeError("out of\\nmemory")
options["ids"] = options.get("ids", [5, 1, 27])
trace = capture_trace.capture(model, texts=["t%d" % i for i in options["ids"]], folder=dir, progress=progress, **options)
print(json.dumps(model.steps_seen))`;
  const captured = async (options: Readonly<Record<string, unknown>>): Promise<{dir: string; printed: string}> => {
    const dir = join(await temporaryFolder(), "run");
    return {dir, printed: torch!(code, dir, JSON.stringify(options))};
  };

  it.skipIf(!torch)("refuses in a notebook what the command line refuses, in one line and before anything is written", async () => {
    const folder = await temporaryFolder();
    const refusals: readonly [object, string][] = [
      [{steps: "4"}, "invalid steps: '4'; expected a whole number from 1 to 100000"],
      [{steps: 2.5}, "invalid steps: 2.5; expected a whole number from 1 to 100000"],
      [{inits: 0}, "invalid inits: 0; expected a whole number from 1 to 10000"],
      [{batch: 0}, "invalid batch: 0; expected a whole number from 1 to 10000"],
      [{seed: -1}, "invalid seed: -1; expected a whole number from 0 to 2147483647"],
      [{top: -1}, "invalid top: -1; expected a whole number from 0 to 1000"],
      [{prefix: -1}, "invalid prefix: -1; expected a whole number from 0 to 10000000"],
      [{scale: -1}, "invalid scale: -1.0; expected 0 or more"],
      [{texts: ["a"]}, "invalid texts: 1; expected 3, one for each token"],
      [{ids: [1.5]}, "invalid ids: '1.5' is among them; expected whole numbers, those of one sequence"],
      [{ids: []}, "invalid ids: there are none; expected one token or more"]
    ];
    const told = torch!(
      `${imports}
import stand_in
model = stand_in.StandIn(${JSON.stringify(golden)})
for options in json.loads(sys.argv[2]):
    try: capture_trace.capture(model, folder=os.path.join(sys.argv[1], "run"), **{"ids": [5, 1, 27], **options})
    except capture_trace.CaptureError as error: print(error)`,
      folder,
      JSON.stringify(refusals.map(([options]) => options))
    );
    expect(told.trim().split("\n")).toEqual(refusals.map(([, message]) => message));
    expect(await readdir(folder)).toEqual([]);
  });

  it.skipIf(!numpy)("takes token ids and counts as tokenizers and NumPy give them", () => {
    const taken = numpy!(`${imports}
print(json.dumps([capture_trace.sequence_of(np.array([[3, 1]])), capture_trace.sequence_of([[3, 1]]), capture_trace.sequence_of(np.array([3])), capture_trace.wholes(steps=np.int64(2))]))`);
    expect(JSON.parse(taken)).toEqual([[3, 1], [3, 1], [3], [2]]);
  });

  it.skipIf(!torch).each([2, 3])(
    "gives the reference's states and readouts from a model whose embed_inputs returns %i values",
    async (values) => {
      const reference = await openSafetensors(join(golden, "fwd_len7.safetensors"));
      onTestFinished(() => reference.close());
      const initial = join(await temporaryFolder(), "s0.safetensors");
      await writeFile(initial, encodeSafetensors({state: {shape: [1, 7, 32], data: await reference.readFloats("s0")}}));
      const ids = [...(await reference.readFloats("input_ids"))];
      const {dir} = await captured({values, ids, given: initial, top: 3});
      const reader = await opened(dir);
      const error = largest((await reader.readSite("state")).data, await reference.readFloats("states"));
      console.log(`capture_trace.py against the reference, 64 steps: largest error of a state ${error.toExponential(1)}`);
      expect(error).toBeLessThan(1e-4);
      expect(largest((await reader.readConstant("input")).data, await reference.readFloats("e"))).toBeLessThan(1e-4);
      expect(
        largest((await reader.readSite("state_normed", {steps: [64, 64]})).data, await reference.readFloats("latent_64"))
      ).toBeLessThan(1e-4);
      expect(reader.trace).toMatchObject({
        status: "complete",
        steps: 64,
        steps_written: 64,
        width: 32,
        inits: [{kind: "file"}],
        tokens: ids.map((id) => ({id, text: `t${id}`})),
        compute_dtype: "f32",
        readout: {lens: "coda", top: 3}
      });

      const logits = await reference.readFloats("lens_logits"); // [65, 1, 7, 96]
      const row = (step: number, token: number): Float32Array =>
        logSoftmax(logits.subarray((step * 7 + token) * 96, (step * 7 + token + 1) * 96), new Float32Array(96));
      const readout = (await reader.readReadout())!;
      const tops = {ids: new Int32Array(3), values: new Float32Array(3)};
      for (const step of [0, 1, 5, 64]) {
        for (let token = 0; token < 7; ++token) {
          const at = step * 7 + token;
          topOf(row(step, token), tops.ids, tops.values);
          expect([...readout.top_ids.data.subarray(3 * at, 3 * at + 3)]).toEqual([...tops.ids]);
          expect(largest(readout.top_logprobs.data.subarray(3 * at, 3 * at + 3), tops.values)).toBeLessThan(1e-4);
          expect(readout.entropy.data[at]).toBeCloseTo(entropyOf(row(step, token)), 4);
          expect(readout.kl_final.data[at]).toBeCloseTo(divergenceOf(row(step, token), row(64, token)), 4);
          if (step === 0) expect(readout.kl_prev.data[at]).toBeNaN();
          else expect(readout.kl_prev.data[at]).toBeCloseTo(divergenceOf(row(step - 1, token), row(step, token)), 4);
          if (token === 6) expect(readout.target_logprob.data[at]).toBeNaN();
          else expect(readout.target_logprob.data[at]).toBeCloseTo(row(step, token)[ids[token + 1]], 4);
        }
      }
    }
  );

  it.skipIf(!torch)("draws initial states by seed, the same whatever the number of inits and the batch", async () => {
    const options = {steps: 3, seed: 11, top: 0};
    const [four, two] = await Promise.all([captured({...options, inits: 4, batch: 3}), captured({...options, inits: 2, batch: 1})]);
    const [a, b] = [await opened(four.dir), await opened(two.dir)];
    expect(a.trace.inits).toEqual([11, 12, 13, 14].map((seed) => ({kind: "normal", seed, scale: 1})));
    expect((await a.readSite("state", {steps: [0, 0], inits: [0, 1]})).data).toEqual((await b.readSite("state", {steps: [0, 0]})).data);
    expect(largest((await a.readSite("state", {inits: [0, 1]})).data, (await b.readSite("state")).data)).toBeLessThan(1e-4);
    const {data} = await a.readSite("state", {steps: [0, 0]});
    const spread = Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length);
    expect(spread).toBeGreaterThan(0.55); // √(2/5), cut at three deviations: 0.624
    expect(spread).toBeLessThan(0.7);
    expect(Math.max(...data.map(Math.abs))).toBeLessThanOrEqual(3 * Math.sqrt(2 / 5) + 1e-6);
    expect(JSON.parse(two.printed)).toEqual([0, 0, 1, 1, 2, 2]); // the model is told the step, once a batch
    expect((await readdir(two.dir)).sort()).toEqual(["states.safetensors", "trace.json"]);
  });

  it.skipIf(!torch)("reads out the same whatever the batch", async () => {
    const options = {steps: 3, inits: 4, top: 2};
    const dirs = await Promise.all([3, 1].map((batch) => captured({...options, batch})));
    const [a, b] = await Promise.all(dirs.map(async ({dir}) => (await (await opened(dir)).readReadout())!));
    expect(a.top_ids.data).toEqual(b.top_ids.data);
    for (const name of ["top_logprobs", "entropy", "kl_final", "kl_prev", "target_logprob"] as const) {
      expect(Array.from(a[name].data, Number.isNaN), name).toEqual(Array.from(b[name].data, Number.isNaN));
      expect(largest(a[name].data.filter(Number.isFinite), b[name].data.filter(Number.isFinite)), name).toBeLessThan(1e-4);
    }
  });

  it.skipIf(!torch)("stores bfloat16 states as the model made them, from the start that float32 has", async () => {
    const {dir} = await captured({steps: 2, inits: 1, dtype: "bfloat16"});
    const exact = await captured({steps: 2, inits: 1});
    const [narrow, wide] = [await opened(dir), await opened(exact.dir)];
    expect(narrow.trace).toMatchObject({compute_dtype: "bf16", storage_dtype: "bf16"});
    const file = await openSafetensors(join(dir, "states.safetensors"));
    expect(file.tensors.get("state")).toMatchObject({dtype: "BF16", shape: [3, 1, 3, 32]});
    await file.close();
    const [start, exactStart] = await Promise.all(
      [narrow, wide].map(async (reader) => (await reader.readSite("state", {steps: [0, 0]})).data)
    );
    expect(largest(start, exactStart)).toBeLessThan(2 ** -8); // half a unit in the last of bfloat16's 8 bits, below 2
    expect(largest(start, exactStart)).toBeGreaterThan(0);
  });

  it.skipIf(!torch)("leaves a partial run that says why when the model fails", async () => {
    const dir = join(await temporaryFolder(), "run");
    expect(() => torch!(code, dir, JSON.stringify({steps: 9, stop: 4}))).toThrow("out of");
    const reader = await opened(dir);
    expect(reader.trace).toMatchObject({status: "partial", stopped: "out of memory", steps: 9, steps_written: 4});
    expect((await reader.readSite("state")).steps).toBe(5);
    const {entropy, kl_final: final} = (await reader.readReadout())!;
    expect(entropy.shape).toEqual([5, 4, 3]);
    expect(final.data.every(Number.isNaN)).toBe(true);
  });
});
