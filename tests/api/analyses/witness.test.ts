import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";
import {isWitnessed, refuseUnwitnessed, witnessQuestions, withWitness} from "../../../api/analyses/witness.ts";
import {runPatterns} from "../../../api/analyses/patterns.ts";
import {witnessesSchema} from "../../../api/contract/contract.ts";
import {runSpectra} from "../../../api/commands/runSpectra.ts";
import {loadEngine} from "../../../capture/engine/loadEngine.ts";
import {capture} from "../../../capture/job/capture.ts";
import {captureSpecSchema} from "../../../capture/job/captureSpec.ts";
import {openTrace} from "../../../capture/trace/reader.ts";
import type {RunSpectrum} from "../../../capture/spectrum/spectrumSchema.ts";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";
import {errorOf} from "../../support/responses.ts";
import {isOver, startServer} from "../../support/startServer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";
import {reportTrace} from "../report/reportTrace.ts";

const clock = fileURLToPath(new URL("../../../fixtures/organisms/clock", import.meta.url));

/** A spectrum of tokens a to d, whose blocks have one eigenvalue each. */
const spectrumOf = (radii: Readonly<Record<number, number>>): RunSpectrum => ({
  tokens: Object.entries(radii).map(([index, radius]) => ({
    index: Number(index),
    text: "",
    init: 1,
    eigenvalues: [[radius, 0]],
    residuals: [0]
  })),
  sequence: {init: 1, eigenvalues: [[0.7, 0]], residuals: [0]},
  step: 64,
  model: "small",
  hash: ""
});

describe("withWitness", () => {
  /** Radii by token of the init that the spectrum is of, and of the init before it. */
  async function radiiOf(spectrum: RunSpectrum, prefix = 0): Promise<(number | undefined)[][]> {
    const patterns = await runPatterns(await reportTrace(await temporaryFolder()), "state");
    const {tokens} = withWitness(patterns, [spectrum], {prefix});
    return [1, 0].map((init) => tokens.filter((token) => token.init === init).map(({witness}) => witness?.radius));
  }

  it("counts the blocks of all tokens that a token sees, of the spectrum's own init", async () => {
    const [own, other] = await radiiOf(spectrumOf({0: 0.5, 1: 0.6, 2: 0.2, 3: 0.9}));
    expect(own).toEqual([0.5, 0.6, 0.6, 0.9]);
    expect(other).toEqual([undefined, undefined, undefined, undefined]);
  });

  it("says nothing of a token of which a block is missing", async () => {
    expect((await radiiOf(spectrumOf({0: 0.5, 2: 0.2, 3: 0.9})))[0]).toEqual([0.5, undefined, undefined, undefined]);
  });

  it("takes the whole sequence's where tokens see one another", async () => {
    expect((await radiiOf(spectrumOf({0: 0.5}), 4))[0]).toEqual([0.7, 0.7, 0.7, 0.7]);
  });
});

describe("refuseUnwitnessed", () => {
  it("refuses a run whose step was not the model's own", () => {
    expect(() => refuseUnwitnessed({edits: [{}, {}]})).toThrow(
      "invalid run: edited (2); the witness is the model’s own step, of captures without edits"
    );
    expect(isWitnessed({edits: [], generated: {from: 1, steps: [4, 4], kv: "own"}})).toBe(false);
    expect(isWitnessed({edits: []})).toBe(true);
  });
});

describe("the witness of a network whose orbits are known", () => {
  it.each([
    ["ab3", 3],
    ["kt8", 8]
  ])("bears out the clock of %s by its multipliers over %i steps, and the letters before it by one", async (prompt, period) => {
    const dir = join(await temporaryFolder(), "run");
    await capture(captureSpecSchema.parse({model: clock, dir, prompt, steps: 96, inits: 1, readout: null}), {
      engine: () => loadEngine(clock)
    });
    const reader = await openTrace(dir);
    const patterns = await runPatterns(reader, "state");
    const questions = witnessQuestions(patterns, 0);
    expect(questions).toEqual([{init: 0}, {init: 0, period, tokens: [0, 1, 2]}]);
    const spectra = await runSpectra(dir, reader.trace, {model: clock, questions});
    const {tokens} = withWitness(patterns, spectra, reader.trace);
    expect(tokens.map(({witness}) => [witness!.opinion, witness!.steps])).toEqual([
      ["agrees", 1],
      ["agrees", 1],
      ["agrees", period]
    ]);
    const [all] = spectra.flatMap(({floquet}) => (floquet ? [floquet] : []));
    expect(tokens[2].witness!.radius).toBeCloseTo(Math.hypot(...all.sequence.eigenvalues[0]), 4); // causal: the blocks' are the whole's
    await reader.close();
  });
});

describe("GET /api/runs/:run/witness", () => {
  it("bears out the labels of a model that comes to rest, with the rates that the paths show", async () => {
    const {get} = await startServer({examples: join(exampleRun, "..")});
    const {init, tokens} = witnessesSchema.parse(await (await get("/api/runs/sum-and-parity/witness?init=2")).json());
    expect([init, tokens.length, tokens.filter(({opinion}) => opinion === "agrees").length]).toEqual([2, 21, 21]);
    expect(await errorOf(await get("/api/runs/sum-and-parity/witness?init=4"))).toEqual([400, "invalid init: 4; expected 0 to 3"]);
  });

  it("refuses an edited run, and one without its model", async () => {
    const {capture, until, get} = await startServer();
    const edits = [{op: "scale", site: "state", steps: [1, 4], tokens: [0], factor: 0.5}];
    const {run} = await until(await capture({steps: 4, inits: 1, edits}), isOver);
    expect(await errorOf(await get(`/api/runs/${run}/witness`))).toEqual([
      400,
      "invalid run: edited (1); the witness is the model’s own step, of captures without edits"
    ]);
    const without = await startServer({examples: join(exampleRun, ".."), models: []});
    expect(await errorOf(await without.get("/api/runs/sum-and-parity/witness"))).toEqual([
      404,
      "unknown model: tiny-arithmetic; there is none"
    ]);
  });
});
