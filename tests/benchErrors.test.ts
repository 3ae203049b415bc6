import {spawnSync} from "node:child_process";
import {fileURLToPath} from "node:url";
import {expect, it} from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const MISSING = "expected a checkout of github.com/anbauoq/huginn-latent-dynamics";

it.each([
  ["bench/bench", ["rival"], `invalid --source: none; ${MISSING}`],
  ["bench/bench", ["rival", "--source", "/nope"], `invalid --source: /nope; ${MISSING}`],
  ["soak/soak", ["load", "--nope"], "Unknown option '--nope'"]
])("%s %j fails with one line", (file, args, line) => {
  const {status, stdout, stderr} = spawnSync(process.execPath, ["--import", "tsx", `tests/${file}.ts`, ...args], {
    cwd: root,
    encoding: "utf8"
  });
  expect([status, stdout, stderr.split(". ")[0].trimEnd()]).toEqual([1, "", line]);
  expect(stderr.trimEnd()).not.toContain("\n");
});
