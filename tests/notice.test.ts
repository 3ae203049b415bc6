import {readFileSync} from "node:fs";
import {join} from "node:path";
import {expect, it} from "vitest";
import {noticeText, shippedLibraries} from "./support/notice.ts";

const root = join(import.meta.dirname, "..");
const FREE =
  /^\(?(MIT|MIT-0|ISC|BSD|BSD-2-Clause|BSD-3-Clause|0BSD|Apache-2\.0|BlueOak-1\.0\.0|CC0-1\.0|Unlicense|Python-2\.0|WTFPL|Zlib)( (OR|AND) [\w.-]+)*\)?$/;

it("NOTICE is current: `npm run notice` writes it", () => {
  expect(readFileSync(join(root, "NOTICE"), "utf8")).toBe(noticeText(root));
});

it("every library that ships has a licence that lets it be passed on", () => {
  const shipped = shippedLibraries(root);
  expect(shipped.length).toBeGreaterThan(50);
  expect(shipped.filter(({license}) => !FREE.test(license))).toEqual([]);
  for (const name of ["express", "accepts", "react", "d3-array", "three", "onnxruntime-node"])
    expect(shipped.map((one) => one.name)).toContain(name);
});

it("every version is pinned, and the lock has the same", () => {
  const read = (name: string) => JSON.parse(readFileSync(join(root, name), "utf8")) as Record<string, Record<string, unknown>>;
  const own = read("package.json");
  const packages = read("package-lock.json").packages as Record<string, Record<string, unknown>>;
  for (const kind of ["dependencies", "devDependencies", "optionalDependencies"]) {
    for (const [name, version] of Object.entries(own[kind] ?? {})) {
      expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+([-+][\w.-]+)?$/)]);
      expect([name, (packages[""][kind] as Record<string, string>)[name], packages[`node_modules/${name}`].version]).toEqual([
        name,
        version,
        version
      ]);
    }
  }
});
