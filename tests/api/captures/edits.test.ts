import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {noiseTypes} from "../../../capture/edits/editSchema.ts";
import {openTrace, readTrace} from "../../../capture/trace/reader.ts";
import {errorOf} from "../../support/responses.ts";
import {runCli} from "../../support/runCli.ts";
import {isOver, startServer} from "../../support/startServer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const engines = ["onnx", "tfjs"] as const;
const WIDTH = 96;
const vector = Array.from({length: WIDTH}, (_, i) => i / 128);

/** Every kind of change, of a run of 4 tokens. The last ones hold whatever the others do. */
const everyKind = [
  ...noiseTypes.map((type) => ({op: "noise", amount: 0.01, type, seed: 3})),
  {op: "scale", site: "core.0.attn_out", steps: [1, 2], factor: 0.5},
  {op: "add", site: "core.0.mlp_out", step: 1, tokens: [0], vector, scale: 2},
  {op: "swap_input", from: 3, prompt: "3+4="},
  {op: "freeze", tokens: [1], from: 2},
  {op: "set", site: "state", step: 4, tokens: [3], inits: [0], vector}
];

async function statesOf(dir: string) {
  const reader = await openTrace(dir);
  try {
    const {data} = await reader.readSite("state");
    return (step: number, token?: number) =>
      token === undefined
        ? data.subarray(step * 4 * WIDTH, (step + 1) * 4 * WIDTH)
        : data.subarray((step * 4 + token) * WIDTH, (step * 4 + token + 1) * WIDTH);
  } finally {
    await reader.close();
  }
}

function expectEveryKind(states: Awaited<ReturnType<typeof statesOf>>, plain: Awaited<ReturnType<typeof statesOf>>): void {
  expect(states(0)).toEqual(plain(0));
  expect(states(1, 0)).not.toEqual(plain(1, 0));
  for (const step of [3, 4]) expect(states(step, 1)).toEqual(states(2, 1));
  expect(Array.from(states(4, 3))).toEqual(vector);
}

describe.each(engines)("capture --edit on %s", (engine) => {
  const run = async (dir: string, edits: unknown, {seed}: {readonly seed: number}) => {
    const file = `${dir}.json`;
    await writeFile(file, JSON.stringify(edits));
    return runCli([
      "capture",
      "--model",
      "tiny-arithmetic",
      "--prompt",
      "1+2=",
      "--steps",
      "4",
      "--inits",
      "1",
      "--seed",
      String(seed),
      "--engine",
      engine,
      "--out",
      dir,
      "--edit",
      file
    ]);
  };

  it("makes every kind of change, and says in the run what it did", async () => {
    const folder = await temporaryFolder();
    const [plain, changed] = [join(folder, "plain"), join(folder, "changed")];
    expect((await run(plain, [], {seed: 1})).status).toBe(0);
    expect(await run(changed, everyKind, {seed: 1})).toMatchObject({status: 0});
    expect((await readTrace(changed)).edits).toHaveLength(everyKind.length);
    expectEveryKind(await statesOf(changed), await statesOf(plain));
  });

  it("patches states from another run: all of them, and the runs go on alike to the last bit", async () => {
    const folder = await temporaryFolder();
    const [from, into] = [join(folder, "from"), join(folder, "into")];
    await run(from, [], {seed: 1});
    expect(
      await run(
        into,
        [
          {op: "scale", site: "state", factor: 1},
          {op: "patch", run: from, step: 2, tokens: [0, 1, 2, 3]}
        ],
        {seed: 2}
      )
    ).toMatchObject({status: 0});
    const [theirs, ours] = [await statesOf(from), await statesOf(into)];
    expect(ours(1)).not.toEqual(theirs(1));
    for (const step of [2, 3, 4]) expect(ours(step)).toEqual(theirs(step));
    expect((await readTrace(into)).edits[1]).toMatchObject({op: "set", step: 2, tokens: [0], vector: Array.from(theirs(2, 0))});
  });
});

describe("capture --edit", () => {
  it.each([
    ["a run to patch from that is none", [{op: "patch", run: "nowhere", step: 1, tokens: [0]}], "invalid edit 0: not a trace: ", 1],
    ["a patch without tokens", [{op: "patch", run: "nowhere", step: 1}], "invalid edit 0, tokens: "],
    ["an unknown operation", [{op: "explode"}], "invalid edit 0, op: "],
    ["a token beyond the prompt", [{op: "freeze", tokens: [4], from: 1}], "invalid edit 0: token 4; expected 0 to 3"],
    [
      "an input of another length",
      [{op: "swap_input", from: 1, prompt: "12"}],
      "invalid edit 0: input of 2 tokens; expected 4, as many as the run has"
    ],
    ["a list that is none", {op: "noise"}, "invalid edits: "]
  ])("refuses %s in one line", async (_, edits, message, expected = 2) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "edits.json"), JSON.stringify(edits));
    const {status, stdout, stderr} = await runCli([
      "capture",
      "--model",
      "tiny-arithmetic",
      "--prompt",
      "1+2=",
      "--steps",
      "4",
      "--out",
      join(folder, "run"),
      "--edit",
      join(folder, "edits.json")
    ]);
    expect({status, stdout}).toEqual({status: expected, stdout: ""});
    expect(stderr.startsWith(message), stderr).toBe(true);
    expect(stderr.trimEnd()).not.toContain("\n");
  });
});

describe("POST /api/captures with edits", () => {
  it.each(engines)("makes every kind of change on %s, and the run says what it did", async (engine) => {
    const {capture, until, runs} = await startServer();
    const order = {engine, steps: 4, seed: 1};
    const [plain, changed] = [await capture(order), await capture({...order, edits: everyKind})];
    for (const job of [plain, changed]) expect(await until(job, isOver)).toMatchObject({status: "complete", error: null});
    expect((await readTrace(join(runs, changed.run))).edits).toHaveLength(everyKind.length);
    expectEveryKind(await statesOf(join(runs, changed.run)), await statesOf(join(runs, plain.run)));
  });

  it.each([
    ["a site that does not exist", {op: "scale", site: "core.9.out", factor: 0}, /^unknown site: core\.9\.out; one of embed, /],
    ["a token beyond the prompt", {op: "set", site: "state", tokens: [4], vector: 0}, /^invalid edit 0: token 4; expected 0 to 3$/],
    ["a step beyond the run", {op: "add", site: "state", step: 5, vector: 0}, /^invalid edit 0: step 5; expected 0 to 4$/],
    [
      "a vector of another length",
      {op: "set", site: "state", vector: [1, 2]},
      /^invalid edit 0: vector of 2 numbers; expected 96, the width of state$/
    ],
    ["an unknown schedule of noise", {op: "noise", amount: 1, type: "pink"}, /^invalid edits\.0\.type/]
  ])("refuses %s in one line", async (_, edit, message) => {
    const {send} = await startServer();
    const answer = await send("POST", "/api/captures", {model: "tiny-arithmetic", prompt: "1+2=", steps: 4, inits: 1, edits: [edit]});
    const [status, error] = await errorOf(answer);
    expect([status, error]).toEqual([400, expect.stringMatching(message)]);
  });
});
