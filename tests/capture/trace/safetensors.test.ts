import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {encodeSafetensors, openSafetensors} from "../../../capture/trace/safetensors.ts";
import {headerOf, parseHeader, TraceFormatError} from "../../../capture/trace/safetensorsHeader.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const message = encodeSafetensors(
  {a: {shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6)}, ids: {shape: [2], data: Int32Array.of(7, -8)}},
  {what: "test"}
);

/** A safetensors file whose header is the given text. */
function withHeader(text: string): Uint8Array {
  const json = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + json.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

describe("encodeSafetensors", () => {
  it("encodeSafetensors writes a header whose data begin at a multiple of 64", () => {
    const {tensors, metadata, dataStart} = parseHeader(message);
    expect(dataStart % 64).toBe(0);
    expect(metadata).toEqual({what: "test"});
    expect(tensors.get("a")).toEqual({dtype: "F32", shape: [2, 3], begin: 0, end: 24});
    expect(tensors.get("ids")).toEqual({dtype: "I32", shape: [2], begin: 24, end: 32});
    expect(message.length).toBe(dataStart + 32);
  });

  it("encodeSafetensors refuses a shape that its numbers do not fill", () => {
    expect(() => encodeSafetensors({a: {shape: [2, 2], data: new Float32Array(3)}})).toThrow("invalid tensor a: 3 numbers; expected [2,2]");
  });
});

describe("headerOf", () => {
  it("headerOf refuses a size that its text does not fit into", () => {
    expect(() => headerOf([{name: "a", dtype: "F32", shape: [1]}], {headerBytes: 16})).toThrow("invalid header size: 16 bytes");
  });
});

describe("parseHeader", () => {
  it.each([
    ["{not json", "not a safetensors file: header: not JSON"],
    ["[1]", "not a safetensors file: the header is not a JSON object"],
    ['{"a":{"dtype":7,"shape":[1],"data_offsets":[0,4]}}', "invalid tensor a"],
    ['{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', "invalid tensor a"],
    ['{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}', "invalid tensor a: 4 bytes; F32 [2] takes 8"],
    ['{"__metadata__":{"n":1}}', "invalid __metadata__"],
    [
      '{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\\u0061":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}',
      "the name a is given twice"
    ],
    ['{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"shape":[0]}}', "the name shape is given twice"],
    [
      '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}',
      "invalid tensor b: it begins at byte 1 of the data; the one before ends at 2"
    ],
    [
      '{"a":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}',
      "invalid tensor a: it begins at byte 1 of the data; the one before ends at 0"
    ],
    [`{"a":{"dtype":"U8","shape":[${"1,".repeat(64)}1],"data_offsets":[0,1]}}`, "invalid tensor a"],
    ['{"a":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[2,0]}}', "invalid tensor a"]
  ])("parseHeader refuses %s", (text, error) => {
    expect(() => parseHeader(withHeader(text))).toThrow(error);
  });

  it("parseHeader reads tensors beside one of a type that is not read, and names it", () => {
    const {tensors, unread} = parseHeader(
      withHeader(
        '{"scale":{"dtype":"F8_E4M3","shape":[3],"data_offsets":[0,3]},"a":{"dtype":"U32","shape":[1],"data_offsets":[3,7]},"__proto__":{"dtype":"C64","shape":[1],"data_offsets":[7,15]}}'
      )
    );
    expect([...tensors]).toEqual([["a", {dtype: "U32", shape: [1], begin: 3, end: 7}]]);
    expect([...unread]).toEqual([
      ["scale", "F8_E4M3"],
      ["__proto__", "C64"]
    ]);
  });

  it("parseHeader refuses a million tensors before it spends memory on them", () => {
    const entry = '"data_offsets":[0,0],"dtype":"U8","shape":[0]';
    const text = `{${Array.from({length: 1_000_000}, (_, i) => `"${i}":{${entry}}`).join(",")}}`;
    expect(() => parseHeader(withHeader(text))).toThrow("header: more than 1500000 objects, lists and names");
  });

  it("parseHeader refuses a header length that no file can have, before it allocates", () => {
    const bytes = new Uint8Array(8).fill(0xff);
    expect(() => parseHeader(bytes)).toThrow("not a safetensors file: header of 18446744073709551615 bytes");
  });
});

describe("openSafetensors", () => {
  async function fileOf(bytes: Uint8Array): Promise<string> {
    const path = join(await temporaryFolder(), "x.safetensors");
    await writeFile(path, bytes);
    return path;
  }

  it("openSafetensors reads a slice of a tensor by element", async () => {
    const file = await openSafetensors(await fileOf(message));
    expect([...(await file.readFloats("a", 2, 3))]).toEqual([3, 4, 5]);
    expect([...(await file.readFloats("ids"))]).toEqual([7, -8]);
    await file.close();
  });

  it("openSafetensors refuses a slice beyond the tensor and a tensor that is not there, naming those that are", async () => {
    const file = await openSafetensors(await fileOf(message));
    await expect(file.readFloats("a", 4, 3)).rejects.toThrow("invalid slice of a: 4 to 7; it has 6 elements");
    await expect(file.readFloats("b")).rejects.toThrow("missing tensor: b; the file holds a, ids");
    await file.close();
  });

  it.each([0, 5, 40, message.length - 1])("openSafetensors refuses a file cut to %i bytes and names it", async (length) => {
    const path = await fileOf(message.subarray(0, length));
    const error = await openSafetensors(path).then(
      () => undefined,
      (reason: Error) => reason
    );
    expect(error).toBeInstanceOf(TraceFormatError);
    expect(error!.message.startsWith(`${path}: `)).toBe(true);
  });

  it("openSafetensors with partial opens a cut file and reads what is there", async () => {
    const file = await openSafetensors(await fileOf(message.subarray(0, message.length - 12)), {partial: true});
    expect([...(await file.readFloats("a", 0, 5))]).toEqual([1, 2, 3, 4, 5]);
    await expect(file.readFloats("a")).rejects.toThrow("truncated data");
    await file.close();
  });

  it("openSafetensors tells a Git LFS pointer", async () => {
    const path = await fileOf(new TextEncoder().encode("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"));
    await expect(openSafetensors(path)).rejects.toThrow(`${path}: a Git LFS pointer, not the file itself: git lfs pull`);
  });

  it("openSafetensors names the type of a tensor that is not read", async () => {
    const path = await fileOf(withHeader('{"a":{"dtype":"C64","shape":[0],"data_offsets":[0,0]}}'));
    const file = await openSafetensors(path);
    await expect(file.readFloats("a")).rejects.toThrow("unsupported tensor a: C64; one of F64, F32");
    await file.close();
  });

  it("openSafetensors opens a file of more tensors than a function takes arguments", async () => {
    const count = 200_000;
    const tensors = Array.from({length: count}, (_, i) => ({name: String(i), dtype: "U8" as const, shape: [0]}));
    const file = await openSafetensors(await fileOf(headerOf(tensors)));
    expect(file.tensors.size).toBe(count);
    await file.close();
  });
});
