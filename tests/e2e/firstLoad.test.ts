import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {gzipSync} from "node:zlib";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {buildPage, type BuiltPage} from "../support/browser.ts";

const MOST_BYTES = 350_000;

describe("the first load", () => {
  let built: BuiltPage;
  beforeAll(async () => {
    built = await buildPage();
  });
  afterAll(() => built.remove());

  it("takes at most 350 kB, compressed, and leaves three dimensions for later", async () => {
    const html = await readFile(join(built.folder, "index.html"), "utf8");
    const first = ["index.html", ...[...html.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, path]) => path)];
    const sizes = await Promise.all(first.map(async (path) => gzipSync(await readFile(join(built.folder, path))).length));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const later = (await readdir(join(built.folder, "assets"))).filter((name) => !first.includes(`assets/${name}`));
    console.log(
      `first load: ${(total / 1000).toFixed(1)} kB compressed (${first.map((path, i) => `${path} ${(sizes[i] / 1000).toFixed(1)}`).join(", ")}); later: ${later.join(", ")}`
    );
    expect(first.length).toBeGreaterThan(2);
    expect(total).toBeLessThanOrEqual(MOST_BYTES);
    expect(later.some((name) => name.startsWith("Space"))).toBe(true);
  });
});
