import {existsSync} from "node:fs";
import {join} from "node:path";
import type {Command} from "commander";
import {captureBounds, eigenvalueBounds} from "../../capture/bounds.ts";
import type {EngineKind} from "../../capture/engine/choices.ts";
import {createModelKeeper} from "../../capture/engine/modelKeeper.ts";
import {runSpectrum} from "../../capture/spectrum/runSpectrum.ts";
import {spectrumSpecSchema, type RunSpectrum} from "../../capture/spectrum/spectrumSchema.ts";
import {readTrace} from "../../capture/trace/reader.ts";
import {shippedModels} from "../models/shipped.ts";
import {modelFolder} from "./modelFolder.ts";
import {note, print, printJson} from "./print.ts";
import {engineOption, seedOption, wholeOption, examples} from "./options.ts";
import {runFolder} from "./runFolder.ts";
import {asUsageErrors, numberList, wholeNumber} from "./usage.ts";

interface SpectrumOptions {
  readonly model?: string;
  readonly token?: number[];
  readonly init: number;
  readonly count: number;
  readonly seed: number;
  readonly lyapunov?: boolean;
  readonly engine: EngineKind;
  readonly json?: boolean;
}

export function addSpectrum(program: Command): void {
  program
    .command("spectrum <run>")
    .description(
      "leading eigenvalues of the core step's Jacobian at a run's last state: of each token's own block, and of the whole sequence"
    )
    .option("--token <indices>", "only these tokens' blocks, joined by commas", numberList)
    .option("--init <index>", "the trajectory's initial state", wholeNumber({least: 0, most: captureBounds.inits.most - 1}), 0)
    .addOption(wholeOption("--count <number>", "eigenvalues of each", eigenvalueBounds))
    .option("--lyapunov", "also the leading Lyapunov exponents along the run's path")
    .option("--model <folder>", "the checkpoint that made the run (default: the one of its name that ships)")
    .addOption(seedOption("seed of the start vectors"))
    .addOption(engineOption())
    .option("--json", "print one JSON document on stdout and nothing else")
    .addHelpText("after", examples("spectrum sum-and-parity --token 4,5", "spectrum sum-and-parity --lyapunov --json"))
    .action(spectrum);
}

async function spectrum(run: string, {model, token, init, count, seed, lyapunov, engine, json}: SpectrumOptions): Promise<void> {
  const dir = await runFolder(run);
  const folder = model === undefined ? await folderOf(dir) : await modelFolder(model);
  const spec = spectrumSpecSchema.parse({dir, model: folder, engine, init, tokens: token, count, seed, lyapunov});
  const models = createModelKeeper({log: note});
  try {
    const found = await asUsageErrors(runSpectrum(spec, {engine: () => models.engineFor(spec)}));
    if (json) await printJson(found);
    else for (const line of linesOf(found)) await print(line);
  } finally {
    await models.dispose();
  }
}

/** The shipped model that the run names. */
async function folderOf(dir: string): Promise<string> {
  const {model} = await readTrace(dir);
  const folder = join(shippedModels, model.name);
  if (!/^[\w.-]+$/.test(model.name) || !existsSync(folder)) throw new Error(`unknown model: ${model.name}; name its folder with --model`);
  return folder;
}

function linesOf({tokens, sequence, lyapunov, step, model}: RunSpectrum): string[] {
  return [
    `${model} at step ${step}, eigenvalues by modulus`,
    ...tokens.map(({index, text, eigenvalues}) => `token ${index} ${JSON.stringify(text)}: ${eigenvalues.map(figure).join(", ")}`),
    `sequence: ${sequence.eigenvalues.map(figure).join(", ")}`,
    ...(lyapunov ? [`Lyapunov exponents per step: ${lyapunov.map((exponent) => exponent.toFixed(4)).join(", ")}`] : [])
  ];
}

const figure = ([re, im]: readonly [number, number]): string =>
  `${re.toFixed(4)}${im === 0 ? "" : `${im < 0 ? "−" : "+"}${Math.abs(im).toFixed(4)}i`}`;
