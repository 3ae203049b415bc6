import {shown} from "../contract/checkLine.ts";
import type {Command} from "commander";
import {captureBounds, eigenvalueBounds} from "../../capture/bounds.ts";
import type {EngineKind} from "../../capture/engine/choices.ts";
import {nearText} from "../../capture/spectrum/bifurcation.ts";
import {MOST_PERIOD, type RunSpectrum} from "../../capture/spectrum/spectrumSchema.ts";
import {readTrace} from "../../capture/trace/reader.ts";
import {print, printJson} from "./print.ts";
import {engineOption, seedOption, wholeOption, examples} from "./options.ts";
import {runFolder} from "./runFolder.ts";
import {runSpectra} from "./runSpectra.ts";
import {asUsageErrors, numberList, wholeNumber} from "./usage.ts";

interface SpectrumOptions {
  readonly model?: string;
  readonly token?: number[];
  readonly init: number;
  readonly count: number;
  readonly seed: number;
  readonly lyapunov?: boolean;
  readonly period?: number;
  readonly engine: EngineKind;
  readonly json?: boolean;
}

export function addSpectrum(verb: Command): void {
  verb
    .option("--token <indices>", "only these tokens' blocks, joined by commas", numberList)
    .option("--init <index>", "the trajectory's initial state", wholeNumber({least: 0, most: captureBounds.inits.most - 1}), 0)
    .addOption(wholeOption("--count <number>", "eigenvalues of each", eigenvalueBounds))
    .option("--lyapunov", "also the leading Lyapunov exponents along the run's path")
    .option(
      "--period <steps>",
      "also the Floquet multipliers of an orbit of this period, over the run's last steps, and the bifurcation near which they lie",
      wholeNumber({least: 1, most: MOST_PERIOD})
    )
    .option("--model <folder>", "the checkpoint that made the run (default: the one of its name that ships)")
    .addOption(seedOption("seed of the start vectors"))
    .addOption(engineOption())
    .option("--json", "print one JSON document on stdout and nothing else")
    .addHelpText("after", examples("spectrum sum-and-parity --token 4,5", "spectrum sum-and-parity --lyapunov --json"))
    .action(spectrum);
}

async function spectrum(run: string, {model, token, init, count, seed, lyapunov, period, engine, json}: SpectrumOptions): Promise<void> {
  const dir = await runFolder(run);
  const questions = [{engine, init, tokens: token, count, seed, lyapunov, period}];
  const [found] = await asUsageErrors(runSpectra(dir, await readTrace(dir), {model, questions}));
  if (json) await printJson(found);
  else for (const line of linesOf(found)) await print(line);
}

function linesOf({tokens, sequence, lyapunov, floquet, step, model}: RunSpectrum): string[] {
  return [
    `${model} at step ${step}, eigenvalues by modulus`,
    ...tokens.map(({index, text, eigenvalues}) => `token ${index} ${shown(text)}: ${eigenvalues.map(figure).join(", ")}`),
    `sequence: ${sequence.eigenvalues.map(figure).join(", ")}`,
    ...(lyapunov ? [`Lyapunov exponents per step: ${lyapunov.map((exponent) => exponent.toFixed(4)).join(", ")}`] : []),
    ...(floquet
      ? [...floquet.tokens.map((found) => [`token ${found.index}`, found] as const), ["sequence", floquet.sequence] as const].map(
          ([name, {eigenvalues, bifurcation}]) =>
            `Floquet multipliers over ${floquet.period} steps, ${name}: ${eigenvalues.map(figure).join(", ")}${bifurcation ? `; ${nearText(bifurcation, floquet.period)}` : ""}`
        )
      : [])
  ];
}

const figure = ([re, im]: readonly [number, number]): string =>
  `${re.toFixed(4)}${im === 0 ? "" : `${im < 0 ? "−" : "+"}${Math.abs(im).toFixed(4)}i`}`;
