import {existsSync} from "node:fs";
import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {zipSync, strToU8} from "fflate";
import {describe, expect, it} from "vitest";
import {isBfloat16, loadStates, withState} from "../../../api/exchange/bareStates.ts";
import {storageOf} from "../../../api/exchange/importBare.ts";
import {damaged, renamed, sharing, withDescr} from "./brokenFiles.ts";
import {npy} from "./importFiles.ts";
import {encodeSafetensors} from "../../../capture/trace/safetensors.ts";
import {pythonWith} from "../../support/python.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const numpy = pythonWith("numpy");
const realStates = "../shared/huginn-trajectories/track_n4_ns64.safetensors";
const hasReal = existsSync(realStates);
if (!hasReal) console.log(`skipped: ${realStates} is not there`);

const numbers = Float32Array.from({length: 24}, (_, i) => i + 0.1);

async function written(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, bytes);
  return path;
}

describe("loadStates", () => {
  it("reads a safetensors file with state [steps, inits, tokens, width]", async () => {
    const path = await written(
      "x.safetensors",
      encodeSafetensors({state: {shape: [3, 2, 1, 4], data: numbers}, other: {shape: [1], data: new Float32Array(1)}})
    );
    const loaded = await loadStates(path);
    expect(loaded).toMatchObject({
      dtype: "f32",
      container: "F32",
      site: "state",
      array: "state",
      states: {steps: 3, inits: 2, tokens: 1, width: 4}
    });
    expect(loaded.states.data).toEqual(numbers);
  });

  it.each([
    {shape: [6, 4], states: {steps: 6, inits: 1, tokens: 1, width: 4}},
    {shape: [3, 2, 4], states: {steps: 3, inits: 1, tokens: 2, width: 4}},
    {shape: [2, 3, 2, 2], states: {steps: 2, inits: 3, tokens: 2, width: 2}}
  ])("reads a .npy of $shape as $states", async ({shape, states}) => {
    const loaded = await loadStates(await written("x.npy", npy("F32", shape, numbers)));
    expect(loaded.states).toMatchObject(states);
    expect(loaded.states.data).toEqual(numbers);
  });

  it("reads three axes as step, init, width where it is told so", async () => {
    const loaded = await loadStates(await written("x.npy", npy("F32", [3, 2, 4], numbers)), {axes: ["step", "init", "width"]});
    expect(loaded.states).toMatchObject({steps: 3, inits: 2, tokens: 1, width: 4});
  });

  it("takes `states` of an archive, told by its first bytes and not by its name", async () => {
    const archive = zipSync(
      {"states.npy": npy("F32", [6, 4], numbers), "num_steps.npy": npy("I64", [], BigInt64Array.of(5n))},
      {mtime: "2026-01-01"}
    );
    expect((await loadStates(await written("x.bin", archive))).states.data).toEqual(numbers);
  });

  it("names a float32 file of bfloat16 numbers bf16, and one number more precise makes it f32", async () => {
    const narrow = Float32Array.from(
      [1, -2.5, 0.15625, 3e38].map(
        (x) => new Float32Array(Uint32Array.of(new Uint32Array(Float32Array.of(x).buffer)[0] & 0xffff0000).buffer)[0]
      )
    );
    expect((await loadStates(await written("x.npy", npy("F32", [2, 2], narrow)))).dtype).toBe("bf16");
    narrow[3] = 0.1;
    expect((await loadStates(await written("x.npy", npy("F32", [2, 2], narrow)))).dtype).toBe("f32");
  });

  it.each([
    ["beneath all of float32", 1e-300],
    ["where float32 loses digits", 2 ** -127]
  ])("refuses float64 numbers that all lie %s, and takes one beside larger ones for a zero", async (_name, small) => {
    const values = Float64Array.of(0, -small, 0.5 * small, Number.NaN);
    const message = `invalid state: ${-small} is its largest number, too small for float32; expected at least 1.1754944e-38`;
    const path = await written("x.npy", npy("F64", [2, 2], values));
    await expect(loadStates(path)).rejects.toThrow(message);
    await expect(withState(path, {}, (state) => storageOf(state))).rejects.toThrow(message);
    values[2] = 2 ** -126;
    const loaded = await loadStates(await written("x.npy", npy("F64", [2, 2], values)));
    expect(loaded.states.data).toEqual(Float32Array.from(values));
  });

  it("rounds float64 to float32 and says f64", async () => {
    const loaded = await loadStates(await written("x.npy", npy("F64", [2, 2], Float64Array.of(0.1, 0.2, 0.3, 0.4))));
    expect(loaded).toMatchObject({dtype: "f64", container: "F64"});
    expect(loaded.states.data).toEqual(Float32Array.of(0.1, 0.2, 0.3, 0.4));
  });

  it.each([
    {
      what: "an unknown array",
      bytes: encodeSafetensors({a: {shape: [1], data: new Float32Array(1)}, b: {shape: [1], data: new Float32Array(1)}}),
      message: "missing array: state; the file holds a, b"
    },
    {what: "whole numbers", bytes: npy("I32", [2, 2], new Int32Array(4)), message: "invalid state: I32; expected floating-point numbers"},
    {
      what: "one axis",
      bytes: npy("F32", [4], new Float32Array(4)),
      message: "invalid state: [4]; expected 2 to 4 axes, as [steps, inits, tokens, width]"
    },
    {what: "an empty axis", bytes: npy("F32", [0, 4], new Float32Array(0)), message: "invalid state: [0, 4]; expected no empty axis"},
    {
      what: "a batch of one that would be one step",
      bytes: npy("F32", [1, 2, 2], new Float32Array(4)),
      message:
        "invalid state: [1, 2, 2] is one step of 2 tokens as step,token,width; where the first axis is a batch, say --axes init,step,width"
    },
    {
      what: "a truncated .npy",
      bytes: npy("F32", [2, 3], new Float32Array(4)),
      message: "truncated or padded file: 144 bytes; the header promises 152"
    },
    {
      what: "Python objects",
      bytes: withDescr("|O"),
      message: "invalid .npy type: Python objects (pickle), which are never loaded; expected numbers"
    },
    {what: "complex numbers", bytes: withDescr("<c8"), message: "invalid .npy type: complex numbers; expected numbers"},
    {what: "dates", bytes: withDescr("<M8[ns]"), message: "invalid .npy type: dates; expected numbers"},
    {what: "8-bit floats", bytes: withDescr("<V1"), message: "unknown .npy type: <V1; one of f8, f4"},
    {
      what: "a pickle",
      bytes: Uint8Array.of(0x80, 4, 0x95, 0, 0, 0, 0),
      message: "a Python pickle, which is never loaded; expected safetensors, .npy, .npz or Parquet"
    },
    {
      what: "a PyTorch archive",
      bytes: zipSync({"model/data.pkl": strToU8("x")}),
      message: "a PyTorch pickle archive, which is never loaded; expected arrays of numbers (.npy members)"
    },
    {
      what: "a zip bomb",
      bytes: zipSync({"state.npy": npy("F32", [2 ** 12, 2 ** 12], new Float32Array(2 ** 24))}),
      message: "invalid archive: 67108992 bytes out of"
    },
    {
      what: "an archive with a name given twice",
      bytes: renamed(
        zipSync({"state.npy": npy("F32", [2, 2], new Float32Array(4)), "other.npy": npy("F32", [2, 2], new Float32Array(4))}),
        "other",
        "state"
      ),
      message: "invalid archive: state.npy is there twice; expected each name once"
    },
    {
      what: "an archive whose members share their bytes",
      bytes: sharing(
        zipSync({"state.npy": npy("F32", [2, 2], new Float32Array(4)), "other.npy": npy("F32", [2, 2], new Float32Array(4))}, {level: 0})
      ),
      message: "invalid archive: other.npy overlaps the member before it"
    },
    {
      what: "an archive with a member that leaves its folder",
      bytes: renamed(zipSync({"state.npy": npy("F32", [2, 2], new Float32Array(4))}), "state.npy", "../st.npy"),
      message: "not a readable archive: invalid relative path: ../st.npy"
    },
    {
      what: "an archive whose bytes were damaged",
      bytes: damaged(zipSync({"state.npy": npy("F32", [2, 2], new Float32Array(4).fill(7))}, {level: 0})),
      message: "invalid member state.npy: its checksum is wrong"
    },
    {
      what: "an array of another kind that was asked for by its name",
      bytes: zipSync({"state.npy": withDescr("|O"), "other.npy": npy("F32", [2, 2], new Float32Array(4))}),
      message: "invalid array state: invalid .npy type: Python objects (pickle)"
    },
    {
      what: "a choice between arrays",
      bytes: encodeSafetensors({a: {shape: [2, 2], data: new Float32Array(4)}, b: {shape: [2, 2], data: new Float32Array(4)}}),
      message: "missing array: state; expected --array with one of a, b"
    },
    {
      what: "a series with a step that is not there",
      bytes: encodeSafetensors(Object.fromEntries([0, 1, 3].map((i) => [`h${i}`, {shape: [2], data: new Float32Array(2)}]))),
      message: "invalid h#: 3 follows 1; expected every number between"
    },
    {
      what: "a series of which some are of another type",
      bytes: zipSync(
        Object.fromEntries(
          [0, 1, 2, 3, 4, 5].map((i) => [
            `step_${i}.npy`,
            i % 2 ? npy("F64", [2], new Float64Array(2)) : npy("F32", [2], new Float32Array(2))
          ])
        )
      ),
      message: "invalid step_#: some are F32 [2], some F64 [2]; expected arrays of one type and shape"
    },
    {
      what: "an empty file",
      bytes: new Uint8Array(0),
      message: "an empty file; expected safetensors, .npy, .npz or Parquet"
    },
    {
      what: "text",
      bytes: strToU8("step,token\n1,2\n3,4\n5,6\n"),
      message: "an unknown kind of file; expected safetensors, .npy, .npz or Parquet"
    }
  ])("refuses $what in one line that names the file", async ({bytes, message}) => {
    const path = await written("x.any", bytes);
    await expect(loadStates(path)).rejects.toThrow(`${path}: ${message}`);
  });

  it("passes numbers on that are not finite, for whoever judges each trajectory", async () => {
    const path = await written("x.npy", npy("F32", [2, 2], Float32Array.of(1, 2, NaN, Infinity)));
    expect([...(await loadStates(path)).states.data]).toEqual([1, 2, NaN, Infinity]);
  });

  it("leaves what macOS puts into an archive alone", async () => {
    const path = await written(
      "x.npz",
      zipSync({"state.npy": npy("F32", [6, 4], numbers), "__MACOSX/._state.npy": strToU8("Mac OS X"), "._state.npy": strToU8("Mac OS X")})
    );
    expect((await loadStates(path)).states.data).toEqual(numbers);
  });

  it("stacks a series by the number in the names and not by their order, beside arrays that are not of it", async () => {
    const series = Object.fromEntries(
      [10, 9, 11, 8].map((i) => [`block.3.state_${i}`, {shape: [2, 2], data: new Float32Array(4).fill(i)}])
    );
    const path = await written("x", encodeSafetensors({...series, "block.3.norm": {shape: [2], data: new Float32Array(2)}}));
    const {states} = await loadStates(path);
    expect({...states, data: [...states.data]}).toMatchObject({
      steps: 4,
      tokens: 2,
      width: 2,
      data: [8, 8, 8, 8, 9, 9, 9, 9, 10, 10, 10, 10, 11, 11, 11, 11]
    });
  });

  it("reads axes in any order", async () => {
    const path = await written("x.npy", npy("F32", [2, 3, 4], numbers));
    const {states} = await loadStates(path, {axes: ["width", "token", "step"]});
    expect(states).toMatchObject({steps: 4, inits: 1, tokens: 3, width: 2});
    for (let step = 0; step < 4; ++step)
      for (let token = 0; token < 3; ++token)
        for (let i = 0; i < 2; ++i) expect(states.data[(step * 3 + token) * 2 + i]).toBe(numbers[(i * 3 + token) * 4 + step]);
  });

  it("refuses axes that do not fit the array", async () => {
    const path = await written("x.npy", npy("F32", [6, 4], numbers));
    await expect(loadStates(path, {axes: ["step", "depth"]})).rejects.toThrow(
      "invalid axes: step,depth for [6, 4]; expected 2 of step,init,token,width in the array's order, step and width among them"
    );
  });

  it("says that a file is not there", async () => {
    await expect(loadStates("nowhere/x.npy")).rejects.toThrow("no such file: nowhere/x.npy");
  });

  it.skipIf(!numpy)("reads what numpy saves: plain, compressed, column-major and big-endian", async () => {
    const dir = await temporaryFolder();
    numpy!(
      `import sys, numpy as np
x = np.arange(24, dtype=np.float32).reshape(3, 2, 4) / 7
np.save(sys.argv[1] + "/a.npy", x); np.savez(sys.argv[1] + "/b.npz", state=x); np.savez_compressed(sys.argv[1] + "/c.npz", states=x, num_steps=np.int64(2))
np.save(sys.argv[1] + "/f.npy", np.asfortranarray(x)); np.savez_compressed(sys.argv[1] + "/fc.npz", state=np.asfortranarray(x.astype(">f8"))); np.save(sys.argv[1] + "/b.npy", x.astype(">f4")); np.save(sys.argv[1] + "/h.npy", x.astype(np.float16)); np.save(sys.argv[1] + "/o.npy", np.array([{}], dtype=object), allow_pickle=True)`,
      dir
    );
    const expected = Float32Array.from({length: 24}, (_, i) => Math.fround(i) / 7);
    for (const name of ["a.npy", "b.npz", "c.npz", "f.npy", "fc.npz", "b.npy"])
      expect((await loadStates(join(dir, name))).states.data, name).toEqual(expected);
    expect(await loadStates(join(dir, "h.npy"))).toMatchObject({dtype: "f16", states: {steps: 3, inits: 1, tokens: 2, width: 4}});
    await expect(loadStates(join(dir, "o.npy"))).rejects.toThrow("Python objects (pickle)");
  });

  it.skipIf(!hasReal)("reads real Huginn states: 64 steps, 3 inits, on the sphere", async () => {
    const {states, dtype} = await loadStates(realStates);
    expect({...states, data: undefined, dtype}).toEqual({steps: 64, inits: 3, tokens: 1, width: 5280, data: undefined, dtype: "bf16"});
    const last = states.data.subarray(-5280);
    expect(Math.sqrt(last.reduce((sum, x) => sum + x * x, 0))).toBeCloseTo(76.355, 1);
  });
});

describe("isBfloat16", () => {
  it("is about the low sixteen bits", () => {
    expect(isBfloat16(Float32Array.of(1, 1.0078125, 0, -Infinity))).toBe(true);
    expect(isBfloat16(Float32Array.of(1, 1.00390625))).toBe(false);
    expect(isBfloat16(Float32Array.of(0, NaN, -0, Infinity))).toBe(undefined); // of any precision
    expect(isBfloat16(new Float32Array(0))).toBe(undefined);
  });
});
