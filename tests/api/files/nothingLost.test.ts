import {mkdir, readFile, readdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {intoPlace} from "../../../api/files/intoPlace.ts";
import {sweepPassing} from "../../../api/files/passing.ts";
import {passingName, thisProcess} from "../../../capture/trace/processIdentity.ts";
import {killedNames, loseNothing} from "../../support/kills/loseNothing.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

/** The name of a passing folder whose process is gone. */
const dead = (): string => passingName().replace(`~${thisProcess().pid}~`, `~${2 ** 22 + 1}~`);

async function fileIn(...path: string[]): Promise<void> {
  await mkdir(join(...path.slice(0, -1)), {recursive: true});
  await writeFile(join(...path), path.at(-1)!);
}

describe("a kill −9", () => {
  it("at seeded moments of everything that writes loses nothing (npm run test:soak -- nothingLost is the long form)", async () => {
    const outcomes = await loseNothing(await temporaryFolder(), {kills: killedNames.length, seed: 7});
    expect(outcomes.map(({deed, kills, lost}) => [deed, kills, lost])).toEqual(killedNames.map((deed) => [deed, 1, []]));
  });

  it("between putting the old away and moving the new in: the old one is put back", async () => {
    const folder = await temporaryFolder();
    await fileIn(folder, dead(), "old", "run", "old.txt");
    await fileIn(folder, dead(), "fresh", "run", "new.txt"); // of another try
    await sweepPassing(folder);
    expect(await readdir(folder, {recursive: true})).toEqual(["run", join("run", "old.txt")]);
  });

  it("after the new one is in, or in the middle of removing the old: the new one stays", async () => {
    const folder = await temporaryFolder();
    await fileIn(folder, "run", "new.txt");
    await fileIn(folder, dead(), "old", "run", "old.txt");
    await fileIn(folder, dead(), "replaced", "run", "half.txt");
    await sweepPassing(folder);
    expect(await readdir(folder, {recursive: true})).toEqual(["run", join("run", "new.txt")]);
  });

  it("of another process is no reason to touch what this one has in hand", async () => {
    const folder = await temporaryFolder();
    const mine = passingName();
    await fileIn(folder, mine, "old", "run", "old.txt");
    await sweepPassing(folder);
    expect(await readdir(folder)).toEqual([mine]);
  });

  it("of a try before does not stop the next one, which first puts back what it had put away", async () => {
    const folder = await temporaryFolder();
    await fileIn(folder, dead(), "old", "run", "old.txt");
    const make = (path: string) => fileIn(path, "new.txt");
    await expect(intoPlace(join(folder, "run"), make)).rejects.toThrow("is there already");
    await intoPlace(join(folder, "run"), make, {overwrite: true, marker: "old.txt"});
    expect(await readdir(folder, {recursive: true})).toEqual(["run", join("run", "new.txt")]);
  });

  it("two at once to one place: one is made, the other is told", async () => {
    const folder = await temporaryFolder();
    const make = (text: string) => intoPlace(join(folder, "table.csv"), (path) => writeFile(path, text));
    const both = await Promise.allSettled([make("one"), make("two")]);
    expect(both.map(({status}) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(["one", "two"]).toContain(await readFile(join(folder, "table.csv"), "utf8"));
    expect(await readdir(folder)).toEqual(["table.csv"]);
  });
});
