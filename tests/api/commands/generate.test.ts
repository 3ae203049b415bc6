import {join} from "node:path";
import {describe, expect, it} from "vitest";
import type {GenerationResult} from "../../../capture/generate/generationResult.ts";
import {readTrace} from "../../../capture/trace/reader.ts";
import {runCli, withoutProgress} from "../../support/runCli.ts";
import {shippedModel} from "../../support/shippedModel.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const SUM = "\n19+29=";
const generate = (...args: string[]) => runCli(["generate", "--model", shippedModel, ...args]);
async function resultOf(...args: string[]): Promise<GenerationResult> {
  const {status, stdout, stderr} = await generate("--json", ...args);
  expect(withoutProgress(stderr)).toBe("");
  expect(status).toBe(0);
  return JSON.parse(stdout) as GenerationResult;
}

describe("orrery generate", () => {
  it("streams the text on stdout and what it took on stderr", async () => {
    const {status, stdout, stderr} = await generate("--prompt", SUM, "--max-new", "2");
    expect(stdout).toBe("48\n");
    expect(stderr).toMatch(/^7 \+ 2 tokens, 8\.0 steps a token, 64 core steps, 110592 bytes of keys and values, \d+\.\d+ s\n$/);
    expect(status).toBe(0);
  });
  it("--json has every token's id, steps and rule's values; a stop string is no part of the text", async () => {
    const result = await resultOf("--prompt", SUM, "--exit", "kl", "--stop", "\n");
    expect(result).toMatchObject({text: "48", stopped: "string"});
    expect(result.tokens.map(({id}) => id)).toEqual([21, 25, 0]);
    for (const {steps, values} of result.tokens) {
      expect(values).toHaveLength(steps);
      expect(values.at(-1)).toBeLessThan(1e-3);
    }
  });
  it("token ids need no tokenizer's text, and the same seed gives the same tokens", async () => {
    const sampled = ["--tokens", "0,18,26,12,19,26,30", "--max-new", "12", "--sample", "--temperature", "2", "--seed"];
    const [once, again, other] = await Promise.all([resultOf(...sampled, "5"), resultOf(...sampled, "5"), resultOf(...sampled, "6")]);
    expect(again.tokens).toEqual(once.tokens);
    expect(other.tokens).not.toEqual(once.tokens);
  });
  it("speculation gives plain decoding's tokens in fewer verified chunks", async () => {
    const args = ["--prompt", SUM, "--max-new", "24", "--steps", "16"];
    const [plain, speculated] = await Promise.all([resultOf(...args), resultOf(...args, "--speculate", "2:4")]);
    expect(speculated.tokens.map(({id}) => id)).toEqual(plain.tokens.map(({id}) => id));
    expect(speculated.accepted).toBeGreaterThan(0);
    expect(speculated.accepted).toBeLessThanOrEqual(speculated.drafted!);
  });
  it.each([
    [[]],
    [["--headway", "3"]],
    [["--freeze-strategy", "token-stability"]],
    [["--freeze-strategy", "fixed", "--max-wavefront", "4"]]
  ])(
    "diffusion with %j gives plain decoding's answer at enough steps, the same one every time, and the picture of its wavefront",
    async (how) => {
      const args = ["--prompt", SUM, "--max-new", "3", "--steps", "32"];
      const [plain, once, again] = await Promise.all([
        resultOf(...args),
        resultOf(...args, "--diffuse", ...how),
        resultOf(...args, "--diffuse", ...how)
      ]);
      expect(once.tokens.map(({id}) => id)).toEqual(plain.tokens.map(({id}) => id));
      expect(again.tokens).toEqual(once.tokens);
      expect(again.wavefront).toEqual(once.wavefront);
      const {rows} = once.wavefront!;
      expect(rows[0]).toMatchObject({at: 7, ids: [once.tokens[0].id], texts: ["4"], steps: [0], frozen: 8});
      for (const [i, row] of rows.entries()) {
        expect(row.steps).toHaveLength(row.ids.length);
        expect(row.frozen).toBe(row.at + 1);
        if (i > 0) expect(row.at + row.ids.length).toBeGreaterThanOrEqual(rows[i - 1].at + rows[i - 1].ids.length);
      }
    }
  );
  it("a wavefront of one position without noise is plain decoding, step for step, as the reference's remark has it", async () => {
    const args = ["--prompt", SUM, "--max-new", "12", "--steps", "8", "--kv", "latest-m4-compress-s2"];
    const [plain, wave] = await Promise.all([
      resultOf(...args),
      resultOf(...args, "--max-wavefront", "1", "--inner-recurrence", "8", "--state-noise-mixing", "0", "--ema-embeds", "0")
    ]);
    expect(wave.tokens.map(({id, steps}) => [id, steps])).toEqual(plain.tokens.map(({id, steps}) => [id, steps]));
    wave.tokens.forEach(({logprob}, i) => expect(logprob).toBeCloseTo(plain.tokens[i].logprob!, 4));
  });
  it("a wavefront's positions are kept with all the steps that they took", async () => {
    const dir = join(await temporaryFolder(), "run");
    const {tokens, wavefront} = await resultOf("--prompt", SUM, "--max-new", "4", "--diffuse", "--keep", dir);
    const trace = await readTrace(dir);
    expect(trace.status).toBe("complete");
    expect(trace.tokens.slice(7).map(({id}) => id)).toEqual(tokens.map(({id}) => id));
    expect(trace.generated!.steps.slice(7, -1)).toEqual(tokens.slice(1).map(({steps}) => steps));
    expect(trace.generated!.kv).toBe("latest-m4-compress-s2");
    expect(wavefront!.rows.length).toBeGreaterThan(4);
  });
  it("ends where a wavefront's iterations are spent, with what is frozen", async () => {
    const {stopped, tokens} = await resultOf("--prompt", SUM, "--max-new", "40", "--max-diffusion-steps", "3");
    expect(stopped).toBe("iterations");
    expect(tokens.length).toBeLessThan(5);
  });
  it("a shared cache takes fewer bytes", async () => {
    const [full, shared] = await Promise.all([resultOf("--prompt", SUM), resultOf("--prompt", SUM, "--kv", "latest-m4-compress-s2")]);
    expect(shared.kv_bytes * 4).toBeLessThan(full.kv_bytes);
  });
  it("--keep writes a run that tells the prompt's tokens from the new ones, and how many steps each took", async () => {
    const dir = join(await temporaryFolder(), "run");
    const {tokens, prompt_tokens} = await resultOf(
      "--prompt",
      SUM,
      "--max-new",
      "3",
      "--exit",
      "latent-diff:0.01",
      "--prefill",
      "each",
      "--keep",
      dir
    );
    const trace = await readTrace(dir);
    expect(trace.status).toBe("complete");
    expect(trace.tokens.map(({id}) => id)).toEqual([0, 18, 26, 12, 19, 26, 30, ...tokens.slice(0, -1).map(({id}) => id)]);
    // a token's steps are those of the position that it was read from: the one before it
    expect(trace.generated).toMatchObject({
      from: 7,
      steps: [...prompt_tokens.map(({steps}) => steps), ...tokens.slice(1).map(({steps}) => steps)],
      kv: "full",
      asked: {exit: "latent-diff:0.01", prefill: "each", max_new: 3}
    });
    expect(new Set(trace.generated!.steps).size).toBeGreaterThan(1);
    expect(trace.exit_rule).toBe("latent-diff:0.01");
  });
  it.each([
    [["--prompt", SUM, "--exit", "nope"], "unknown exit rule: nope; one of latent-diff, cosine, kl, "],
    [["--prompt", SUM, "--kv", "nope"], "unknown cache strategy: nope; one of full, skip, latest-m4, "],
    [["--prompt", SUM, "--max-new", "3000"], "context too long: 7 tokens of prompt and 3000 new ones; the model takes at most 1024\n"],
    [["--prompt", SUM, "--chat"], "missing chat template: the model's tokenizer_config.json has none; expected a prompt without chat\n"],
    [["--prompt", SUM, "--speculate", "2:4", "--sample"], "not together with sample: what is verified is the likeliest token"],
    [["--prompt", SUM, "--speculate", "2:4", "--headway", "2"], "not together with diffuse: drafts are verified in order"],
    [["--prompt", SUM, "--diffuse", "--exit", "kl"], "not together with exit: a wavefront has freeze_strategy"],
    [
      ["--prompt", SUM, "--freeze-strategy", "nope"],
      "choices are latent-diff, latent-acceleration-1, latent-acceleration-2, token-stability, fixed"
    ],
    [["--prompt", SUM, "--warm-start", "cold"], "invalid warm_start"],
    [[], "invalid prompt: expected exactly one of --prompt and --tokens\n"]
  ])("refuses %j before it computes", async (args, message) => {
    const {status, stdout, stderr} = await generate(...args);
    expect(stderr).toContain(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect([status, stdout]).toEqual([2, ""]);
  });
});
