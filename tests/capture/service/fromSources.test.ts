import {once} from "node:events";
import {readdir, readFile} from "node:fs/promises";
import {fileURLToPath, pathToFileURL} from "node:url";
import {join, relative} from "node:path";
import {expect, it} from "vitest";
import {ended, startProcess, tell} from "../../../capture/service/childProcess.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const files = (
  await Promise.all(["api", "capture"].map((layer) => readdir(join(root, layer), {recursive: true, withFileTypes: true})))
).flat();
const candidates = files.filter(({name}) => name.endsWith("Process.ts")).map(({parentPath, name}) => join(parentPath, name));
const texts = await Promise.all(candidates.map((path) => readFile(path, "utf8")));
const programs = candidates.filter((_, i) => texts[i].includes("\nanswerOrders"));

// The other tests start what builtPrograms.ts makes of them.
it.each(programs.map((path) => relative(root, path)))("%s starts from its sources and takes an order", async (path) => {
  const child = startProcess(pathToFileURL(join(root, path)), undefined);
  const first = once(child, "message");
  tell(child, {type: "order", id: 7, order: {}});
  expect((await first)[0]).toEqual({type: "begun", id: 7});
  await ended(child);
});

it("knows all that there are", () => expect(programs.length).toBe(9));
