import {fork} from "node:child_process";
import {createHash} from "node:crypto";
import {once} from "node:events";
import {cp, mkdir, readdir, readFile} from "node:fs/promises";
import {createRequire} from "node:module";
import {join} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";
import {z} from "zod";
import {seededRandom} from "../../analysis/random.ts";
import {openArrays} from "../../api/exchange/openArrays.ts";
import {importRun} from "../../api/exchange/importRun.ts";
import {exportRun} from "../../api/exchange/exportRun.ts";
import {runExperiment, type ExperimentRequest} from "../../api/experiments/experiment.ts";
import {readResultTexts} from "../../api/experiments/experimentFolder.ts";
import {experimentOptions} from "../../api/contract/experimentSchemas.ts";
import {sweepPassing} from "../../api/files/passing.ts";
import {createRunStore} from "../../api/runs/runStore.ts";
import {createModelKeeper} from "../../capture/engine/modelKeeper.ts";
import {capture} from "../../capture/job/capture.ts";
import {captureSpecSchema} from "../../capture/job/captureSpec.ts";
import {openTrace} from "../../capture/trace/reader.ts";
import {openSafetensors} from "../../capture/trace/safetensors.ts";
import {exampleRun} from "../../fixtures/makeExampleRun.ts";
import {shippedModel} from "./shippedModel.ts";

/** What is done while it is killed. */
export const deedNames = ["capture", "experiment", "delete", "import", "force", "export", "analysis"] as const;
export type Deed = (typeof deedNames)[number];

export const STEPS = 60;

export interface Places {
  readonly runs: string;
  readonly experiments: string;
  readonly exports: string;
  /** The run `replaced` is one of these two files at any time. */
  readonly oldFile: string;
  readonly newFile: string;
}

const {keep: _, ...options} = z
  .object(experimentOptions)
  .parse({steps: 6, inits: 2, noise: 1, swaps: 0, scales: [], constants: [], resamples: 100});
export const experimentRequest: ExperimentRequest = {
  model: shippedModel,
  title: "kills",
  prompts: Array.from({length: 12}, (_, i) => ({prompt: `\n${i}+1=`})),
  options: {...options, keep: []}
};

/** What was found after the kills of one deed; `lost` names what should not be. */
export interface DeedOutcome {
  readonly deed: Deed;
  readonly kills: number;
  /** Runs, experiments and files that were whole after a kill, and those that were partial. */
  readonly whole: number;
  readonly partial: number;
  readonly lost: readonly string[];
}

const MOMENTS_MS: Readonly<Record<Deed, number>> = {
  capture: 400,
  experiment: 4000,
  delete: 60,
  import: 120,
  force: 120,
  export: 300,
  analysis: 200
};

/** Kills each deed −9 at seeded moments, so many times, and looks after each kill at everything that is there. */
export async function loseNothing(folder: string, {kills, seed}: {readonly kills: number; readonly seed: number}): Promise<DeedOutcome[]> {
  const places = await prepared(folder);
  const reference = await referenceOf(folder);
  const random = seededRandom(seed);
  const outcomes = new Map<Deed, {kills: number; whole: number; partial: number; lost: string[]}>();
  for (let round = 0; round < kills; ++round) {
    const deed = deedNames[round % deedNames.length];
    await killedWhile(deed, places, {round, afterMs: random() * MOMENTS_MS[deed]});
    const found = await lookedAt(deed, places, reference);
    const before = outcomes.get(deed) ?? {kills: 0, whole: 0, partial: 0, lost: []};
    outcomes.set(deed, {
      kills: before.kills + 1,
      whole: before.whole + found.whole,
      partial: before.partial + found.partial,
      lost: [...before.lost, ...found.lost.map((line) => `round ${round}: ${line}`)]
    });
  }
  return [...outcomes].map(([deed, outcome]) => ({deed, ...outcome}));
}

async function prepared(folder: string): Promise<Places> {
  const at = (name: string) => join(folder, name);
  const places = {runs: at("runs"), experiments: at("experiments"), exports: at("exports"), oldFile: at("old.npz"), newFile: at("new.npz")};
  for (const dir of [places.runs, places.experiments, places.exports]) await mkdir(dir);
  await capturedTo(at("first"), STEPS, 1);
  await capturedTo(at("second"), STEPS, 2);
  for (const [run, out] of [
    ["first", places.oldFile],
    ["second", places.newFile]
  ] as const) {
    const reader = await openTrace(at(run));
    await exportRun(reader, {format: "npz", out});
    await reader.close();
  }
  for (const name of ["kept", "analysed"])
    await cp(exampleRun, join(places.runs, name), {recursive: true, filter: (path) => !path.endsWith("analysis")});
  await importRun(places.oldFile, {out: join(places.runs, "replaced")});
  return places;
}

async function capturedTo(dir: string, steps: number, seed: number): Promise<void> {
  const models = createModelKeeper();
  const spec = captureSpecSchema.parse({model: shippedModel, dir, prompt: "1+2=", inits: 2, steps, seed});
  await capture(spec, {engine: () => models.engineFor(spec)});
  await models.dispose();
}

interface Reference {
  /** States of a capture that nobody disturbed. */
  readonly captured: Float32Array;
  readonly old: string;
  readonly new: string;
  readonly kept: string;
  /** The lines of an experiment that nobody disturbed. */
  readonly lines: readonly string[];
}

async function referenceOf(folder: string): Promise<Reference> {
  await capturedTo(join(folder, "undisturbed"), STEPS, 0);
  await runExperiment(join(folder, "experiment"), experimentRequest, {workers: 1});
  return {
    captured: await statesOf(join(folder, "undisturbed")),
    old: await statesHash(join(folder, "first")),
    new: await statesHash(join(folder, "second")),
    kept: await statesHash(join(folder, "runs", "kept")),
    lines: await linesOf(join(folder, "experiment"))
  };
}

const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

async function killedWhile(deed: Deed, places: Places, {round, afterMs}: {round: number; afterMs: number}): Promise<void> {
  const child = fork(fileURLToPath(new URL("nothingLostDriver.ts", import.meta.url)), {
    execArgv: ["--import", tsx],
    stdio: ["ignore", "ignore", "inherit", "ipc"]
  });
  const gone = once(child, "exit");
  child.send({deed, places, round});
  await Promise.race([once(child, "message"), gone.then(() => Promise.reject(new Error(`the process of ${deed} ended by itself`)))]);
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  child.kill("SIGKILL");
  await gone;
}

async function lookedAt(
  deed: Deed,
  {runs, experiments, exports}: Places,
  reference: Reference
): Promise<Omit<DeedOutcome, "deed" | "kills">> {
  const lost: string[] = [];
  let [whole, partial] = [0, 0];
  const check = (holds: boolean, line: string) => {
    if (!holds) lost.push(line);
  };
  const store = createRunStore({runs});
  await store.recover(() => {});
  if (deed === "delete") await store.restore("kept").catch(() => {}); // taken back where the kill came between
  check(
    (await readdir(runs)).every((name) => !name.startsWith(".orrery~")),
    "litter lies among the runs"
  );
  for (const {id, dir} of await store.places()) {
    const reader = await openTrace(dir).catch((error: Error) => void lost.push(`${id}: ${error.message}`));
    if (!reader) continue;
    const {status, steps_written: written} = reader.trace;
    await reader.close();
    if (status === "complete") ++whole;
    else ++partial;
    check((await store.summary({id, dir, example: false})).live === false, `${id} is live`);
    await (await openSafetensors(join(dir, "states.safetensors"))).close(); // any reader opens it
    if (id.startsWith("r") && id !== "replaced") {
      const states = await statesOf(dir);
      const size = reference.captured.length / (STEPS + 1);
      check(
        states.length === (written + 1) * size && states.every((x, i) => x === reference.captured[i]),
        `${id}: states differ from the undisturbed ones`
      );
    }
  }
  check((await statesHash(join(runs, "kept"))) === reference.kept, "the finished run changed");
  check(
    [reference.old, reference.new].includes(await statesHash(join(runs, "replaced"))),
    "the replaced run is neither the old nor the new one"
  );
  await sweepPassing(exports);
  for (const name of await readdir(exports)) {
    const file = await openArrays(join(exports, name)).catch((error: Error) => void lost.push(`${name}: ${error.message}`));
    await file?.close();
    ++whole;
  }
  for (const name of await readdir(experiments)) {
    const lines = await linesOf(join(experiments, name));
    check(
      lines.every((line, i) => line === reference.lines[i]),
      `${name}: results differ from the undisturbed ones`
    );
    if (lines.length === reference.lines.length) ++whole;
    else ++partial;
  }
  return {whole, partial, lost};
}

async function statesOf(dir: string): Promise<Float32Array> {
  const reader = await openTrace(dir);
  try {
    return (await reader.readSite("state")).data;
  } finally {
    await reader.close();
  }
}

const statesHash = async (dir: string): Promise<string> =>
  createHash("sha256")
    .update(await readFile(join(dir, "states.safetensors")))
    .digest("hex");

async function linesOf(dir: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readResultTexts(dir)) lines.push(line);
  return lines;
}
