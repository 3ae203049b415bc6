import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {encodeSafetensors, headerOf, openSafetensors, parseHeader, TraceFormatError} from "../../../capture/trace/safetensors.ts";
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
    ["{not json", "not a safetensors file: the header is not JSON"],
    ["[1]", "not a safetensors file: the header is not a JSON object"],
    ['{"a":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}', "invalid tensor a"],
    ['{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', "invalid tensor a"],
    ['{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}', "invalid tensor a: 4 bytes; F32 [2] takes 8"],
    ['{"__metadata__":{"n":1}}', "invalid __metadata__"]
  ])("parseHeader refuses %s", (text, error) => {
    expect(() => parseHeader(withHeader(text))).toThrow(error);
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

  it("openSafetensors opens a file of more tensors than a function takes arguments", async () => {
    const count = 200_000;
    const tensors = Array.from({length: count}, (_, i) => ({name: String(i), dtype: "U8" as const, shape: [0]}));
    const file = await openSafetensors(await fileOf(headerOf(tensors)));
    expect(file.tensors.size).toBe(count);
    await file.close();
  });
});
