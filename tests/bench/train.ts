import {execFileSync} from "node:child_process";
import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {cpus, loadavg, tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {parseArgs} from "node:util";
import {median} from "d3-array";
import {trainingBackend} from "../../capture/engine/tfjs/trainingBackend.ts";
import {encodeSafetensors} from "../../capture/trace/safetensors.ts";
import {adamW, clip, gradientNorm} from "../../capture/train/adamW.ts";
import {gradientsOf, type TrainingBatch} from "../../capture/train/gradients.ts";
import {randomAt, seedAt} from "../../capture/train/randomAt.ts";
import type {Recipe} from "../../capture/train/recipe.ts";
import {startOf} from "../../capture/train/startOf.ts";
import {tasks} from "../../capture/train/tasks/tasks.ts";
import {configOf, modelOf} from "../../capture/train/trainedModel.ts";
import {recipeIn} from "../../capture/train/trainingFolder.ts";
import {firstState} from "../../capture/train/trainingState.ts";
import {assign, variablesOf} from "../../capture/train/variables.ts";
import {printTable} from "./table.ts";
import {interpreters} from "./torchProcess.ts";

const ROUNDS = 5;
const UPDATES = 10; // of each side in a round, the first one of which is warming up
const TORCH_THREADS = [1, 2];

/**
 * `npm run bench -- train [--recipe fixtures/organisms/clock]`: updates a second of the trainer beside PyTorch's own AdamW on the same model, batch and depth, the mean one of the
 * recipe; in turns, the median of all. ORRERY_PYTHON names an interpreter with torch and safetensors.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const {values} = parseArgs({args: [...args], options: {recipe: {type: "string"}}});
  const recipe = await recipeIn(values.recipe ?? fileURLToPath(new URL("../../fixtures/organisms/clock", import.meta.url)));
  if (!recipe) throw new Error(`unknown recipe: ${values.recipe}; expected a folder of a training`);
  const dir = await mkdtemp(join(tmpdir(), "orrery-bench-train-"));
  try {
    const info = await trainingBackend(() => {});
    const ours = await ourSide(recipe, dir);
    const seconds = {ours: [] as number[], torch: TORCH_THREADS.map(() => [] as number[])};
    let version: string | undefined;
    for (let round = 0; round < ROUNDS; ++round) {
      seconds.ours.push(...ours());
      for (const [i, threads] of TORCH_THREADS.entries()) {
        const told = torchSide(dir, threads);
        if (told) seconds.torch[i].push(...told.seconds.slice(1));
        version = told?.torch ?? version;
      }
    }
    const {width, core} = recipe.model;
    console.log(
      `${cpus().length} × ${cpus()[0].model.trim()}, load ${loadavg()[0].toFixed(1)}; ${recipe.task}, width ${width}, ${core} core blocks, ${recipe.rows} rows of ${recipe.tokens} tokens, ${meanBefore(recipe)} steps and then ${through(recipe)} with a gradient`
    );
    const {row} = printTable(["", "updates a second", "of PyTorch's"], "text");
    const rate = (of: readonly number[]) => 1 / median(of)!;
    row([`${info.name} ${info.version}`, rate(seconds.ours).toFixed(1), ""]);
    for (const [i, threads] of TORCH_THREADS.entries())
      if (seconds.torch[i].length > 0)
        row([
          `PyTorch ${version}, ${threads} ${threads === 1 ? "thread" : "threads"}`,
          rate(seconds.torch[i]).toFixed(1),
          `${(rate(seconds.ours) / rate(seconds.torch[i])).toFixed(2)} ×`
        ]);
  } finally {
    await rm(dir, {recursive: true});
  }
}

const meanBefore = ({depth}: Recipe): number => Math.round(depth.kind === "uniform" ? depth.most / 2 : depth.mean);
const through = ({depth}: Recipe): number => (depth.through === "all" ? meanBefore({depth} as Recipe) : depth.through);

/** Writes the model and the batch for PyTorch, and gives what times some updates here. */
async function ourSide(recipe: Recipe, dir: string): Promise<() => number[]> {
  const task = tasks[recipe.task];
  const model = modelOf(recipe, task);
  const {rows, tokens, optimiser} = recipe;
  const {trained} = firstState(model, {seed: recipe.seed});
  const start = startOf(recipe, model, {rows, seed: seedAt(recipe.seed, "start", 1)});
  const drawn = task.draw(randomAt(recipe.seed, "rows", 1), {rows, tokens, start});
  const depth = {before: meanBefore(recipe), through: through(recipe)};
  const steps = Array.from({length: depth.through}, (_, i) => depth.before + 1 + i);
  const answers = new Map(steps.map((step) => [step, drawn.answers(step)]));
  const batch: TrainingBatch = {rows, tokens, ids: drawn.ids, start, depth, answers};
  const variables = variablesOf(model);
  assign(variables, model, trained);
  await writeFile(join(dir, "config.json"), JSON.stringify({...configOf(recipe, task), ...depth}));
  await writeFile(
    join(dir, "model.safetensors"),
    encodeSafetensors(
      Object.fromEntries(
        model.weights.map(({name, source, sourceShape}) => [source, {shape: sourceShape, data: trained.get(name)!.value.slice()}])
      )
    )
  );
  await writeFile(
    join(dir, "batch.safetensors"),
    encodeSafetensors({
      ids: {shape: [rows, tokens], data: batch.ids},
      start: {shape: [rows, tokens, model.width], data: start},
      ...Object.fromEntries([...answers].map(([step, data]) => [`answers.${step}`, {shape: [rows, tokens], data}]))
    })
  );
  let update = 0;
  const updateOnce = (): number => {
    const begun = performance.now();
    const {byWeight} = gradientsOf(model, variables, batch);
    clip(byWeight.values(), gradientNorm(byWeight.values()), optimiser.clip);
    update += 1;
    for (const [name, gradient] of byWeight) adamW(trained.get(name)!, gradient, update, optimiser);
    assign(variables, model, trained);
    return (performance.now() - begun) / 1000;
  };
  return () => Array.from({length: UPDATES}, updateOnce).slice(1);
}

/** What PyTorch took; undefined, and a line that says so, where it cannot be imported. */
function torchSide(dir: string, threads: number): {readonly seconds: readonly number[]; readonly torch: string} | undefined {
  const [interpreter] = interpreters();
  const script = fileURLToPath(new URL("peers/train.py", import.meta.url));
  try {
    const text = execFileSync(interpreter, [script, "rate", dir, String(UPDATES), String(threads)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      env: {...process.env, OMP_WAIT_POLICY: "passive"}
    });
    return JSON.parse(text) as {seconds: number[]; torch: string};
  } catch {
    console.log(`skipped: ${interpreter} cannot import torch and safetensors (set ORRERY_PYTHON to one that can)`);
    return undefined;
  }
}
