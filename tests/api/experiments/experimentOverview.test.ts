import {appendFile, mkdir, truncate, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {createDigestDesk} from "../../../api/experiments/digestDesk.ts";
import {experimentOverview} from "../../../api/experiments/experimentOverview.ts";
import {experimentOverviewSchema, promptRowSchema} from "../../../api/contract/experimentSchemas.ts";
import {promptDigest} from "../../../api/experiments/promptDigest.ts";
import {madeResult, madeSpec, madeToken} from "../../support/madeExperiment.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

describe("promptDigest", () => {
  it("keeps a line for the table: verdict, numbers, what most starts say, and from when on all agree", () => {
    const result = madeResult(3, {
      tokens: [madeToken(0, {answer_step: 2}), madeToken(1, {answer_step: 5})],
      sequence: {
        verdict: "dependent",
        reached: 2,
        attractors: [
          {share: 0.25, answer: "84"},
          {share: 0.75, answer: "85"}
        ]
      }
    });
    const {row} = promptDigest(result);
    expect(row).toMatchObject({
      index: 3,
      prompt: "prompt 3",
      tokens: 2,
      verdict: "dependent",
      reached: 2,
      said: "85",
      said_share: 0.75,
      answer_step: 5,
      mode: null
    });
    expect(promptRowSchema.parse(row)).toEqual(row);
  });

  it("says that the starts do not agree where they do not at one token", () => {
    expect(
      promptDigest(madeResult(0, {tokens: [madeToken(0, {answer_step: 2}), madeToken(1, {answer_step: null})]})).row.answer_step
    ).toBeNull();
  });
});

describe("experimentOverview", () => {
  it("gives quartiles of the gap over prompts, and shares of agreeing tokens, by step", () => {
    const gaps = [
      [1, 0.5],
      [1, 0.3],
      [1, 0.1]
    ];
    const shares = [
      [0.5, 1],
      [1, 1],
      [0.5, 0.75]
    ];
    const results = gaps.map((gap, i) => madeResult(i, {tokens: [madeToken(0, {answer_share_by_step: shares[i]})], sequence: {gap}}));
    const overview = experimentOverview(madeSpec(3), results.map(promptDigest));
    expect(overview.gap).toEqual({low: [1, 0.2], median: [1, 0.3], high: [1, 0.4]});
    expect(overview.agreement.median).toEqual([0.5, 1]);
    expect(overview.all_agree).toEqual([1 / 3, 2 / 3]);
    expect(overview.finished).toBe(3);
    experimentOverviewSchema.parse(overview);
  });

  it("counts the alignments of all tokens, and names the prompts with several attractors", () => {
    const aligned = [0.5, 0.95, 0.9999, 1].map((aa_noise, i) => madeToken(i, {aa_noise, aa_swap: null}));
    const several = madeResult(1, {
      sequence: {
        attractors: [
          {share: 0.75, answer: "85"},
          {share: 0.25, answer: "84"}
        ]
      }
    });
    const overview = experimentOverview(madeSpec(2), [madeResult(0, {tokens: aligned}), several].map(promptDigest));
    const noise = overview.alignment.noise.filter(({count}) => count > 0);
    expect(noise.slice(0, 2).map(({count}) => count)).toEqual([1, 1]);
    expect(noise[0].from).toBeLessThanOrEqual(0.5);
    expect(noise[0].to).toBeGreaterThan(0.5);
    expect(overview.summary.aa_noise!.n).toBe(aligned.length + several.tokens.length);
    expect(overview.several_count).toBe(1);
    expect(overview.several).toMatchObject([
      {
        index: 1,
        attractors: [
          {share: 0.75, answer: "85"},
          {share: 0.25, answer: "84"}
        ]
      }
    ]);
  });

  it("takes a summary that was made before for the same prompts", () => {
    const digests = [0, 1, 2].map((i) => promptDigest(madeResult(i)));
    const made = experimentOverview(madeSpec(3), digests);
    expect(experimentOverview(madeSpec(3), digests, {summary: made.summary})).toEqual(made);
  });

  it("refuses to sum up nothing", () => {
    expect(() => experimentOverview(madeSpec(1), [])).toThrow("invalid prompts: 0");
  });
});

describe("a digest desk", () => {
  const made = async (lines: number) => {
    const dir = join(await temporaryFolder(), "e");
    await mkdir(dir);
    await writeFile(join(dir, "results.jsonl"), Array.from({length: lines}, (_, i) => `${JSON.stringify(madeResult(i))}\n`).join(""));
    return dir;
  };

  it("reads on where it was when the results grow, and leaves out a line that is being written", async () => {
    const [dir, spec, desk] = [await made(2), madeSpec(4), createDigestDesk()];
    expect((await desk.digests(dir, spec)).map(({row}) => row.index)).toEqual([0, 1]);
    const third = JSON.stringify(madeResult(2));
    await appendFile(join(dir, "results.jsonl"), third.slice(0, 40));
    expect(await desk.digests(dir, spec)).toHaveLength(2);
    await appendFile(join(dir, "results.jsonl"), `${third.slice(40)}\n`);
    expect(await desk.overview(dir, spec, null)).toMatchObject({finished: 3});
  });

  it("gives any range of results, as far as they are there", async () => {
    const [dir, spec, desk] = [await made(5), madeSpec(5), createDigestDesk()];
    const indices = async (from: number, to: number) => (await desk.results(dir, spec, {from, to})).map(({index}) => index);
    expect(await indices(0, 1)).toEqual([0, 1]);
    expect(await indices(3, 3)).toEqual([3]);
    expect(await indices(3, 99)).toEqual([3, 4]);
    expect(await indices(5, 9)).toEqual([]);
  });

  it("begins anew when the lines are there no more, or the folder is another experiment's", async () => {
    const [dir, desk] = [await made(3), createDigestDesk()];
    expect(await desk.digests(dir, madeSpec(3))).toHaveLength(3);
    await truncate(join(dir, "results.jsonl"), 0);
    expect(await desk.digests(dir, madeSpec(3))).toHaveLength(0);
    await appendFile(join(dir, "results.jsonl"), `${JSON.stringify(madeResult(0, {prompt: "another"}))}\n`);
    expect((await desk.digests(dir, {...madeSpec(3), created: "2026-02-01T00:00:00.000Z"}))[0].row.prompt).toBe("another");
  });

  it("names the line that is broken, to everybody who asks, and gives the others", async () => {
    const [dir, desk] = [await made(1), createDigestDesk()];
    await appendFile(join(dir, "results.jsonl"), `{}\n${JSON.stringify(madeResult(2))}\n`);
    for (let i = 0; i < 2; ++i) {
      expect((await desk.digests(dir, madeSpec(3))).map(({row}) => row.index)).toEqual([0, 2]);
      expect((await desk.results(dir, madeSpec(3), {from: 1, to: 2})).map(({index}) => index)).toEqual([2]);
      expect(await desk.damage(dir, madeSpec(3))).toEqual([expect.stringMatching(/results\.jsonl line 2: missing index/)]);
      expect((await desk.overview(dir, madeSpec(3), null))!.sentences.at(-1)).toMatch(
        /^1 of the results cannot be read and is left out \(invalid .*results\.jsonl line 2: missing index.*\); going on with the experiment/
      );
    }
  });
});
