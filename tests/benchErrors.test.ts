import {spawnSync} from "node:child_process";
import {fileURLToPath} from "node:url";
import {expect, it} from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const MISSING = "expected a checkout of github.com/anbauoq/huginn-latent-dynamics";

it.each([
  ["bench/bench", ["rival"], `invalid --source: none; ${MISSING}`],
  ["bench/bench", ["rival", "--source", "/nope"], `invalid --source: /nope; ${MISSING}`],
  ["bench/bench", ["patterns", "--nulls", "abc"], "invalid --nulls: abc; expected a whole number from 1"],
  ["bench/bench", ["patterns", "--widths", "64,x"], "invalid --widths: x; expected a whole number from 1"],
  ["bench/bench", ["labels", "--sizes", "64"], "invalid --sizes: 64; expected width and states, as in 64x32"],
  ["bench/bench", ["claims", "--paths", ""], "invalid --paths: ; expected a whole number from 1"],
  ["bench/bench", ["nullCount", "--paths", "1e"], "invalid --paths: 1e; expected a number above 0"],
  [
    "bench/bench",
    ["nullCount", "--paths", "1", "--shard", "2/2"],
    "invalid --shard: 2/2; expected one below the number of shards, as in 0/2"
  ],
  ["bench/bench", ["capture", "--rounds"], "invalid --rounds: none; expected a whole number from 1"],
  ["soak/soak", ["nothingLost", "--kills", "many"], "invalid --kills: many; expected a whole number from 1"],
  ["soak/soak", ["large", "--limit", "0"], "invalid --limit: 0; expected a number above 0"],
  ["soak/soak", ["load", "--nope"], "Unknown option '--nope'"]
])("%s %j fails with one line", (file, args, line) => {
  const {status, stdout, stderr} = spawnSync(process.execPath, ["--import", "tsx", `tests/${file}.ts`, ...args], {
    cwd: root,
    encoding: "utf8"
  });
  expect([status, stdout, stderr.split(". ")[0].trimEnd()]).toEqual([1, "", line]);
  expect(stderr.trimEnd()).not.toContain("\n");
});
