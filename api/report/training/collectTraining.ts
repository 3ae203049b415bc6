import {existsSync} from "node:fs";
import {readdir} from "node:fs/promises";
import {basename, join, resolve} from "node:path";
import {diagnose, smoothed, type RunDiagnosis, type TrainingCurve} from "../../../analysis/training/divergence.ts";
import type {Recipe} from "../../../capture/train/recipe.ts";
import {RECIPE_FILE, recipeIn} from "../../../capture/train/trainingFolder.ts";
import type {LogLine} from "../../../capture/train/logLine.ts";
import {readLog} from "../../../capture/train/trainingLog.ts";
import {Refusal} from "../../../capture/trace/refusal.ts";

/** A training run as its report tells it. */
export interface TrainingRun {
  readonly name: string;
  readonly recipe: Recipe;
  /** Updates that are done. */
  readonly updates: number;
  readonly loss: TrainingCurve;
  /** What is watched beside the loss. */
  readonly curves: readonly TrainingCurve[];
  /** How its model differs from the authors', in words; empty where it does not. */
  readonly variant: string;
  /** Beside the control; null for the control itself, and where there is none. */
  readonly diagnosis: RunDiagnosis | null;
}

export interface TrainingReport {
  readonly title: string;
  /** The run that the others are held against; null for a single run. */
  readonly control: string | null;
  readonly runs: readonly TrainingRun[];
}

const LOSSES = 5; // updates whose mean loss is one point: depths differ between updates, and so do their losses

/** Whether a folder is a training run, or holds some. */
export async function isTraining(folder: string): Promise<boolean> {
  return existsSync(join(folder, RECIPE_FILE)) || (await trainingsIn(folder)).length > 0;
}

/**
 * A run, beside the folder of its control where there is one, or all those in a folder: then the first whose model is the authors' own is the control of
 * the others.
 */
export async function collectTraining(folder: string, {control: beside}: {readonly control?: string} = {}): Promise<TrainingReport> {
  const isOne = existsSync(join(folder, RECIPE_FILE));
  const places = isOne
    ? beside === undefined
      ? [folder]
      : [beside, folder]
    : (await trainingsIn(folder)).map((name) => join(folder, name));
  const runs = await Promise.all(places.map(readTraining));
  if (runs.every(({updates}) => updates === 0)) throw new Refusal(`invalid training: ${folder} has no update yet`, {kind: "unusable"});
  const control = isOne ? (beside === undefined ? undefined : runs[0]) : runs.find(({variant}) => variant === "");
  const diagnosed = runs
    .map((run) => (control && run !== control ? besides(run, control) : run))
    .sort((a, b) => Number(b.name === control?.name) - Number(a.name === control?.name));
  return {title: basename(resolve(folder)), control: control?.name ?? null, runs: diagnosed};
}

/** A run beside its control: what is different, the rate, too, and what came of it. */
function besides(run: TrainingRun, control: TrainingRun): TrainingRun {
  const {rate} = run.recipe.optimiser;
  const isOtherRate = rate !== control.recipe.optimiser.rate;
  const variant = [run.variant, isOtherRate && `rate ${rate}`].filter(Boolean).join(", ");
  return {...run, variant, diagnosis: diagnose(run, control)};
}

async function trainingsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, {withFileTypes: true});
  return names
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, RECIPE_FILE)))
    .map(({name}) => name)
    .sort();
}

async function readTraining(dir: string): Promise<TrainingRun> {
  const recipe = await recipeIn(dir);
  if (!recipe) throw new Refusal(`unknown training: ${dir}; expected ${RECIPE_FILE}`, {kind: "unknown"});
  const {lines: log} = await readLog(dir);
  const curve = (name: string, of: (line: LogLine) => number | null | undefined): TrainingCurve => ({
    name,
    points: log.flatMap((line) => {
      const value = of(line);
      return value === null || value === undefined ? [] : [{update: line.update, value}];
    })
  });
  const at = (pick: (depths: readonly number[]) => number) => {
    const depth = pick(recipe.depths);
    return curve(`accuracy at ${depth}`, ({measured}) => measured?.accuracy[depth]);
  };
  return {
    name: basename(resolve(dir)),
    recipe,
    updates: log.at(-1)?.update ?? 0,
    loss: smoothed(
      curve("loss", ({loss}) => loss),
      LOSSES
    ),
    curves: [
      smoothed(
        curve("gradient norm", ({gradient_norm}) => gradient_norm),
        LOSSES
      ),
      curve("token correlation", ({measured}) => measured?.correlation),
      curve("state norm", ({measured}) => measured?.state_norm),
      curve("leading eigenvalue", ({measured}) => measured?.eigenvalue),
      at((depths) => Math.min(...depths)),
      at((depths) => Math.max(...depths))
    ],
    variant: variantOf(recipe),
    diagnosis: null
  };
}

function variantOf({model: {norm, init, start, injection, embedding}, depth}: Recipe): string {
  return [
    norm === "pre" && "norms before the branches only",
    init === "fan-in" && "initialised by its inputs alone",
    start === "zero" && "started from zeros",
    injection === "none" && "input not injected",
    injection === "add" && "input added to the state",
    embedding === "plain" && "embeddings not scaled",
    depth.through === "all" && "gradient through all steps"
  ]
    .filter((words) => words !== false)
    .join(", ");
}
