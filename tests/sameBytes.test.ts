import {spawnSync} from "node:child_process";
import {createRequire} from "node:module";
import {availableParallelism} from "node:os";
import {fileURLToPath, pathToFileURL} from "node:url";
import {describe, expect, it} from "vitest";
import {temporaryFolder} from "./support/temporaryFolder.ts";

const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const everyResult = fileURLToPath(new URL("support/everyResult.ts", import.meta.url));

interface Results {
  readonly threads: number;
  readonly hashes: Readonly<Record<string, string>>;
}

/** Everything made by a process of its own, on the first so many cores; undefined where the system cannot be told which. */
async function resultsOn(cores: string): Promise<Results> {
  const {stdout, stderr, status} = spawnSync(
    "taskset",
    ["-c", cores, process.execPath, "--import", tsx, everyResult, await temporaryFolder()],
    {encoding: "utf8"}
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Results;
}

const canBind = spawnSync("taskset", ["-c", "0,1", "true"]).status === 0 && availableParallelism() > 1;
if (!canBind) console.log("skipped: one core or two: taskset and two cores are not here");

describe.skipIf(!canBind)("same in, same out", () => {
  it("of captures, generations, experiments, evaluations and analyses, on one core or on two", async () => {
    const [one, two] = [await resultsOn("0"), await resultsOn("0,1")];
    expect([one.threads, two.threads]).toEqual([1, 2]);
    expect(Object.keys(one.hashes)).toHaveLength(10);
    expect(two.hashes).toEqual(one.hashes);
  });
});
