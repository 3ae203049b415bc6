import {execFileSync} from "node:child_process";
import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {expect, it} from "vitest";
import {readTrace} from "../../../capture/trace/reader.ts";
import {openSafetensors} from "../../../capture/trace/safetensors.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

it.skipIf(process.platform === "win32")(
  "a pipe or a folder under a file's name is told at once, and nobody waits for its writer",
  async () => {
    const dir = await temporaryFolder();
    execFileSync("mkfifo", [join(dir, "trace.json"), join(dir, "x.safetensors")]);
    await expect(readTrace(dir)).rejects.toThrow("trace.json: not a file");
    await expect(openSafetensors(join(dir, "x.safetensors"))).rejects.toThrow("x.safetensors: not a file; expected safetensors");
    await mkdir(join(dir, "y.safetensors"));
    await expect(openSafetensors(join(dir, "y.safetensors"))).rejects.toThrow("not a file");
  }
);

it("a partial file's header may promise anything: no memory is taken for it", async () => {
  const path = join(await temporaryFolder(), "x.safetensors");
  const json = JSON.stringify({state: {dtype: "F32", shape: [2 ** 40], data_offsets: [0, 2 ** 42]}});
  const preamble = Buffer.alloc(8);
  preamble.writeBigUInt64LE(BigInt(json.length));
  await writeFile(path, Buffer.concat([preamble, Buffer.from(json), Buffer.alloc(64)]));
  const file = await openSafetensors(path, {partial: true});
  await expect(file.readFloats("state")).rejects.toThrow(/^truncated data: the file ends at byte \d+; expected 4398046511\d+$/);
  expect([...(await file.readFloats("state", 0, 2))]).toEqual([0, 0]);
  await file.close();
});
