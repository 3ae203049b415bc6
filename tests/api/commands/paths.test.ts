import {existsSync} from "node:fs";
import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";
import {readExperiment} from "../../../api/experiments/experimentFolder.ts";
import {runCli, startCli} from "../../support/runCli.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const shipped = join(root, "fixtures/models/tiny-arithmetic");

describe("orrery paths", () => {
  const smallArguments = [
    "paths",
    "--model",
    shipped,
    "--steps",
    "24",
    "--inits",
    "4",
    "--noise",
    "2",
    "--swaps",
    "1",
    "--scales",
    "0,3",
    "--scale-inits",
    "2",
    "--resamples",
    "100"
  ];

  it("counts one prompt as one", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "prompts.jsonl"), JSON.stringify({prompt: "1"}));
    const {stdout} = await runCli([...smallArguments, "--prompts", join(folder, "prompts.jsonl"), "--out", join(folder, "one")]);
    expect(stdout.split("\n")[0]).toBe("tiny-arithmetic: 1 prompt, 1 token, 4 random starts, 24 steps, seed 0.");
  });

  it.each([[[]], [["--sensitivity", "0.01"]]])(
    "ends with the status of a usage error for a prompt that the model cannot read: %j",
    async (further) => {
      const folder = await temporaryFolder();
      await writeFile(join(folder, "prompts.jsonl"), JSON.stringify({prompt: "数"}));
      const out = join(folder, "none");
      const {status, stderr} = await runCli([...smallArguments, "--prompts", join(folder, "prompts.jsonl"), "--out", out, ...further]);
      expect([status, stderr]).toEqual([2, 'invalid prompt 1: unknown character: "数" (U+6570) at 0; the model\'s vocabulary lacks it\n']);
      expect(existsSync(out)).toBe(false);
    }
  );

  it("killed with SIGKILL in the middle and begun again gives the same bytes as an undisturbed run", async () => {
    const folder = await temporaryFolder();
    const file = join(root, "fixtures/prompts/arithmetic.jsonl");
    const lines = (await readFile(file, "utf8")).split("\n").slice(0, 12).join("\n");
    await writeFile(join(folder, "prompts.jsonl"), lines);
    const args = [...smallArguments, "--prompts", join(folder, "prompts.jsonl")];
    const killed = startCli([...args, "--out", join(folder, "killed")]);
    let finished = 0;
    while (finished < 3 && killed.process.exitCode === null) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      finished = await readExperiment(join(folder, "killed")).then(
        (state) => state.finished,
        () => 0
      );
    }
    killed.process.kill("SIGKILL");
    await killed.end;
    const left = await readExperiment(join(folder, "killed"));
    expect(left.finished).toBeGreaterThanOrEqual(3);
    expect(left.finished).toBeLessThan(12);
    expect(left).toMatchObject({live: false, summary: null});
    const [again, undisturbed] = [
      await runCli([...args, "--out", join(folder, "killed")]),
      await runCli([...args, "--out", join(folder, "whole"), "--json"])
    ];
    expect([again.status, undisturbed.status]).toEqual([0, 0]);
    for (const name of ["results.jsonl", "summary.json", "prompts.jsonl"]) {
      expect((await readFile(join(folder, "killed", name))).equals(await readFile(join(folder, "whole", name))), name).toBe(true);
    }
    expect(again.stdout).toMatch(/^tiny-arithmetic: 12 prompts, /);
    const json = JSON.parse(undisturbed.stdout);
    expect(json.prompts).toHaveLength(12);
    expect(json.prompts[0].tokens[0]).toMatchObject({
      index: 0,
      text: "\n",
      independent: true,
      aa_noise: expect.any(Number),
      aa_swap: expect.any(Number),
      rate: expect.any(Number),
      final_cosine: expect.any(Number)
    });
    expect(json.summary.prompts).toBe(12);
  });

  it("names the line of a prompt file that is broken, and makes nothing", async () => {
    const folder = await temporaryFolder();
    const file = join(folder, "prompts.jsonl");
    await writeFile(file, '{"prompt": "a"}\n\n{"prompt": 3}\n');
    expect(await runCli([...smallArguments, "--prompts", file, "--out", join(folder, "e")])).toEqual({
      status: 2,
      stdout: "",
      stderr: `invalid ${file} line 3: invalid prompt: 3; expected string, received number\n`
    });
    expect(existsSync(join(folder, "e"))).toBe(false);
  });

  it("refuses a number out of range with status 2", async () => {
    const {status, stderr} = await runCli(["paths", "--model", shipped, "--prompts", "x", "--inits", "1"]);
    expect(status).toBe(2);
    expect(stderr).toContain("expected a whole number from 2 to 256");
  });
});
