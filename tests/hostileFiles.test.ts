import {describe, expect, it} from "vitest";
import {hostileKinds} from "./support/hostile/kinds.ts";
import {tryFiles} from "./support/hostile/tryFiles.ts";
import {temporaryFolder} from "./support/temporaryFolder.ts";

const FILES = 30; // of each kind; npm run test:soak -- hostileFiles tries 20,000

describe("a broken file is told in one short line, or read", () => {
  it.each(Object.keys(hostileKinds))("%s", async (kind) => {
    const folder = await temporaryFolder();
    let [refused, read] = [0, 0];
    for await (const {seed, line, bug} of tryFiles(
      kind,
      Array.from({length: FILES}, (_, i) => i),
      folder
    )) {
      expect(bug, `seed ${seed}`).toBeUndefined();
      if (line === undefined) ++read;
      else {
        ++refused;
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
        expect(line, `seed ${seed}`).toMatch(/^[^\u0000-\u0008\n-\u001f\u007f-\u009f]{1,300}$/);
      }
    }
    expect(refused + read).toBe(FILES);
    expect(refused).toBeGreaterThan(FILES / 6); // or nothing was broken
  });
});
