import {mkdir, readdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {expect, it} from "vitest";
import {runCli} from "./support/runCli.ts";
import {temporaryFolder} from "./support/temporaryFolder.ts";

// onnxruntime keeps an identifier in the user's cache and a queue of what it will send; it keeps silent by itself where it sees that it is tested.
it("what runs models and products tells nobody of it, and leaves nothing in the user's folders: processes, threads, PCA", async () => {
  const folder = await temporaryFolder();
  const [home, temporary] = [join(folder, "home"), join(folder, "tmp")];
  await mkdir(home);
  await mkdir(temporary);
  const prompts = join(folder, "prompts.jsonl");
  await writeFile(prompts, ["1+2=", "3+4=", "5+6="].map((prompt) => `${JSON.stringify({prompt})}\n`).join(""));
  const env = {
    ...{HOME: home, USERPROFILE: home, TMPDIR: temporary, TMP: temporary, TEMP: temporary, ORRERY_CACHE: join(folder, "cache")},
    ...Object.fromEntries(
      ["ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME", "CI", "GITHUB_ACTIONS", "TF_BUILD", "VITEST"].map((name) => [name, ""])
    )
  };
  const model = ["--model", "tiny-arithmetic"];
  for (const args of [
    ["capture", ...model, "--prompt", "1+2=", "--steps", "4", "--out", join(folder, "run")],
    ["project", join(folder, "run"), "--out", join(folder, "points.csv")],
    ["paths", ...model, "--prompts", prompts, "--steps", "4", "--inits", "2", "--workers", "2", "--out", join(folder, "paths")]
  ]) {
    const {status, stderr} = await runCli(args, {env});
    expect({status, stderr: status === 0 ? "" : stderr}).toEqual({status: 0, stderr: ""});
  }
  const left = [...(await readdir(home, {recursive: true})), ...(await readdir(temporary, {recursive: true}))];
  expect(left).toEqual([]);
});
