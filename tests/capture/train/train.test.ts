import {appendFile, copyFile, mkdir, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {beforeAll, describe, expect, it} from "vitest";
import {loadCheckpoint} from "../../../capture/families/loadCheckpoint.ts";
import {loadTokenizer} from "../../../capture/model/tokenizer.ts";
import {openTrace} from "../../../capture/trace/reader.ts";
import {probeFolder, PROBES_FOLDER} from "../../../capture/train/probe.ts";
import {recipeSchema, type Recipe} from "../../../capture/train/recipe.ts";
import {train} from "../../../capture/train/train.ts";
import {RECIPE_FILE} from "../../../capture/train/trainingFolder.ts";
import {LOG_FILE, readLog} from "../../../capture/train/trainingLog.ts";
import {STATE_FILE} from "../../../capture/train/trainingState.ts";
import {spoilTensor} from "../../support/spoilTensor.ts";
import {temporaryFolder, useTemporaryFolder} from "../../support/temporaryFolder.ts";

process.env.ORRERY_TFJS = "wasm"; // a toy's small products take three times as long by the native library, by which commands/train.test.ts trains

const toy = (changes: object = {}): Recipe =>
  recipeSchema.parse({
    task: "clock",
    updates: 6,
    rows: 4,
    tokens: 6,
    model: {width: 16, heads: 2, hidden: 24},
    depth: {kind: "uniform", most: 2, through: 2},
    loss: "every",
    optimiser: {rate: 0.01, warmup: 5},
    measure_every: 2,
    save_every: 2,
    depths: [1, 4],
    ...changes
  });

const alike = {correlationOf: () => 0.5};

/** All of a run's files but the probes' states, whose bytes are those of captures. */
async function filesOf(dir: string): Promise<Record<string, string>> {
  const names = (await readdir(dir)).filter((name) => name !== PROBES_FOLDER).sort();
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, (await readFile(join(dir, name))).toString("base64")])));
}

describe("train", () => {
  const folder = useTemporaryFolder();
  let undisturbed: {readonly dir: string; readonly done: number};
  beforeAll(async () => {
    const dir = join(folder.path, "toy");
    undisturbed = {dir, done: await train(toy(), dir, alike)};
  });

  it("goes on where it was killed between its checkpoint and its state, or before its first state, to the same bytes", async () => {
    const root = await temporaryFolder();
    const whole = await filesOf(undisturbed.dir);
    const [late, early, first] = ["late", "early", "first"].map((name) => join(root, name));
    await train(toy({updates: 4}), late, alike);
    const {[STATE_FILE]: before} = await filesOf(late);
    await train(toy(), late, alike);
    await writeFile(join(late, STATE_FILE), Buffer.from(before, "base64")); // as the kill left it: the model of update 6, the state of 4
    await train(toy(), late, alike);
    expect(await filesOf(late)).toEqual(whole);
    await train(toy({updates: 1}), early, alike);
    await rm(join(early, STATE_FILE));
    await train(toy(), early, alike);
    expect(await filesOf(early)).toEqual(whole);
    await train(toy(), first, {...alike, signal: AbortSignal.abort()}); // only the state of update 0 is saved
    await train(toy(), first, alike);
    expect(await filesOf(first)).toEqual(whole);
  });

  it("reads a log beside the lines that cannot be read, and names them", async () => {
    const dir = await temporaryFolder();
    const line = JSON.stringify({update: 1, loss: 1, gradient_norm: 1, rate: 1, before: 1, through: 1, measured: null});
    await writeFile(join(dir, LOG_FILE), `${line}\n{"update":\n\u0000\n${line.replace('"update":1', '"update":2')}\n{"upd`);
    const {lines, damage} = await readLog(dir);
    expect([lines.map(({update}) => update), damage]).toEqual([
      [1, 2],
      ["log.jsonl line 2 cannot be read", "log.jsonl line 3 cannot be read"]
    ]);
  });

  it("makes a checkpoint that opens, with a tokenizer, a card and a trace of the probe at every save", async () => {
    const {dir, done} = undisturbed;
    expect(done).toBe(6);
    const {lines: log} = await readLog(dir);
    expect(log.map(({update}) => update)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(log.filter(({measured}) => measured).map(({update}) => update)).toEqual([0, 2, 4, 6]);
    const checkpoint = await loadCheckpoint(dir);
    await checkpoint.close();
    const tokenizer = await loadTokenizer(dir, checkpoint.model);
    expect(tokenizer.encode("a2z")).toEqual([10, 2, 35]);
    expect(tokenizer.decode([10, 2, 35])).toBe("a2z");
    expect(() => tokenizer.encode("a b")).toThrow('unknown character: " " (U+0020) at 1');
    expect(await readFile(join(dir, "README.md"), "utf8")).toContain("| updates | 6 of 6, each of 4 rows of 6 tokens |");
    for (const update of [0, 2, 4, 6]) {
      const reader = await openTrace(probeFolder(dir, update));
      expect(reader.trace).toMatchObject({status: "complete", prompt: "moon2358", steps: 64});
      await reader.close();
    }
  });

  it("goes on to the same bits after a stop, and after a kill between two saves", async () => {
    const stopped = join(await temporaryFolder(), "stopped");
    const abort = new AbortController();
    const onProgress = ({update}: {update: number}) => update === 3 && abort.abort();
    expect(await train(toy(), stopped, {...alike, signal: abort.signal, onProgress})).toBe(3);
    await appendFile(
      join(stopped, LOG_FILE),
      '{"update":4,"loss":1,"gradient_norm":1,"rate":1,"before":1,"through":1,"measured":null}\n{"upd'
    ); // as a kill leaves it
    expect(await train(toy(), stopped, alike)).toBe(6);
    expect(await filesOf(stopped)).toEqual(await filesOf(undisturbed.dir));
  });

  it("says update 0 once, whether a kill came before or after its save", async () => {
    const root = await temporaryFolder();
    const [whole, killed] = [join(root, "whole"), join(root, "killed")];
    await train(toy({updates: 2}), whole, alike);
    const abort = new AbortController();
    abort.abort();
    expect(await train(toy({updates: 2}), killed, {...alike, signal: abort.signal})).toBe(0);
    await train(toy({updates: 2}), killed, alike); // killed after the save
    expect(await filesOf(killed)).toEqual(await filesOf(whole));
    const before = join(root, "before");
    await mkdir(before);
    for (const name of [RECIPE_FILE, LOG_FILE]) await copyFile(join(whole, name), join(before, name));
    await train(toy({updates: 2}), before, alike); // before there was one
    expect(await filesOf(before)).toEqual(await filesOf(whole));
  });

  it("goes on with more updates of the same recipe, and with no other", async () => {
    const dir = join(await temporaryFolder(), "toy");
    await train(toy({updates: 2}), dir, alike);
    expect(await train(toy({updates: 3}), dir, alike)).toBe(3);
    await expect(train(toy({rows: 5}), dir, alike)).rejects.toThrow(
      `invalid rows: 5; the run in ${dir} has 4: expected a folder of its own`
    );
    await expect(train(toy({updates: 1}), dir, alike)).rejects.toThrow("invalid updates: 1");
  });

  it.each([
    [{probe: "ab c"}, 'invalid probe: " " in it; expected characters of "0123456789abcdefghijklmnopqrstuvwxyz"'],
    [
      {probe: "abcdefg", model: {width: 16, heads: 2, hidden: 24, max_tokens: 6}},
      "invalid probe: 7 characters; expected at most model.max_tokens, 6"
    ]
  ])("refuses %j before it makes a folder", async (changes, message) => {
    const dir = join(await temporaryFolder(), "toy");
    await expect(train(toy(changes), dir, alike)).rejects.toThrow(message);
    await expect(readdir(dir)).rejects.toThrow("ENOENT");
  });

  it("leaves a folder that holds something else alone", async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, "thesis.tex"), "");
    await expect(train(toy(), dir, alike)).rejects.toThrow(`invalid folder: ${dir} is not empty and no training run`);
    expect(await readdir(dir)).toEqual(["thesis.tex"]);
  });

  it("stops at a loss that is not a number, says when, and keeps the last good checkpoint", async () => {
    const dir = join(await temporaryFolder(), "toy");
    await train(toy({updates: 2}), dir, alike);
    await spoilTensor(join(dir, STATE_FILE), "value.adapter");
    const before = await filesOf(dir);
    await expect(train(toy({updates: 4}), dir, alike)).rejects.toThrow(
      `the loss is NaN at update 3: the run is stopped; ${dir} keeps the model of update 2`
    );
    const after = await filesOf(dir);
    for (const name of ["model.safetensors", STATE_FILE, LOG_FILE]) expect(after[name], name).toBe(before[name]);
  });
});
