import {mkdir, open, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {expect, it} from "vitest";
import {folderBytes} from "../../../api/files/folderBytes.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

it("folderBytes counts what files take of the disk, also of folders within, and not the holes of a file that was cut short", async () => {
  const dir = await temporaryFolder();
  await mkdir(join(dir, "analysis"));
  await writeFile(join(dir, "trace.json"), "x".repeat(1000));
  await writeFile(join(dir, "analysis", "labels.json"), "x".repeat(234));
  expect(await folderBytes(dir)).toBe(1234);
  const file = await open(join(dir, "states.safetensors"), "w");
  await file.write(Buffer.alloc(4096, 1), 0, 4096, 0);
  await file.write(Buffer.alloc(4096, 1), 0, 4096, 300_000_000); // as a step file whose steps in between never came
  await file.sync();
  await file.close();
  expect(await folderBytes(dir)).toBeLessThan(1_000_000);
  expect(await folderBytes(join(dir, "nowhere"))).toBe(0);
});
