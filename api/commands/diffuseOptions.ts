import {Option, type Command} from "commander";
import {diffuseBounds, freezeStrategies} from "../../capture/bounds.ts";
import type {DiffuseDemand} from "../../capture/generate/diffuseDemand.ts";
import {choiceOption, numberOption, wholeOption} from "./options.ts";

/** Diffusion's options as commander gives them. */
export interface DiffuseOptions {
  readonly diffuse?: boolean;
  readonly innerRecurrence: number;
  readonly headway: number;
  readonly freezeStrategy: DiffuseDemand["freeze_strategy"];
  readonly exitT: number;
  readonly maxWavefront: number;
  readonly emaEmbeds: number;
  readonly stateNoiseMixing: number;
  readonly dampenedStateMixer: boolean;
  readonly sqrtMixer?: boolean;
  readonly maxDiffusionSteps: number;
}

/** They have the reference's names and defaults. */
const OPTIONS = [
  new Option("--diffuse", "diffusion-style decoding: a wavefront of positions at different depths; any of its options asks for it, too"),
  wholeOption("--inner-recurrence <number>", "diffusion: steps an iteration", diffuseBounds.innerRecurrence),
  wholeOption("--headway <number>", "diffusion: positions that are appended an iteration", diffuseBounds.headway),
  choiceOption("--freeze-strategy <name>", "diffusion: when positions freeze", freezeStrategies),
  numberOption("--exit-t <number>", "diffusion: threshold of the latent strategies", diffuseBounds.exitT),
  wholeOption("--max-wavefront <number>", "diffusion: positions on their way, 0 for no bound", diffuseBounds.maxWavefront),
  numberOption("--ema-embeds <number>", "diffusion: momentum, the share of a position's earlier input", diffuseBounds.emaEmbeds),
  numberOption(
    "--state-noise-mixing <number>",
    "diffusion: share of fresh noise in the states of an iteration",
    diffuseBounds.stateNoiseMixing
  ),
  new Option("--no-dampened-state-mixer", "diffusion: that share stays the same however many steps a position has taken"),
  new Option("--sqrt-mixer", "diffusion: mix by the shares' roots"),
  wholeOption("--max-diffusion-steps <number>", "diffusion: iterations at most", diffuseBounds.maxDiffusionSteps)
];

export function addDiffuseOptions(command: Command): Command {
  for (const option of OPTIONS) command.addOption(option);
  return command;
}

/** What they ask for; null where none was given. */
export function diffuseDemand(options: DiffuseOptions, command: Command): DiffuseDemand | null {
  if (!OPTIONS.some((option) => command.getOptionValueSource(option.attributeName()) === "cli")) return null;
  return {
    inner_recurrence: options.innerRecurrence,
    headway: options.headway,
    freeze_strategy: options.freezeStrategy,
    exit_t: options.exitT,
    max_wavefront: options.maxWavefront,
    ema_embeds: options.emaEmbeds,
    state_noise_mixing: options.stateNoiseMixing,
    dampened_state_mixer: options.dampenedStateMixer,
    sqrt_mixer: options.sqrtMixer ?? false,
    max_diffusion_steps: options.maxDiffusionSteps
  };
}
