import type {Trace} from "../../capture/trace/schema.ts";
import {diffuseBounds, generateBounds, type Bounds} from "../../capture/bounds.ts";

/** Options of `orrery generate` by the names that a request has; numbers with what they are by default. */
const NUMBERS: readonly (readonly [string, Bounds])[] = [
  ["temperature", generateBounds.temperature],
  ["top_k", generateBounds.topK],
  ["top_p", generateBounds.topP],
  ["min_p", generateBounds.minP],
  ["repetition_penalty", generateBounds.repetitionPenalty],
  ["min_steps", generateBounds.minSteps],
  ["inner_recurrence", diffuseBounds.innerRecurrence],
  ["headway", diffuseBounds.headway],
  ["exit_t", diffuseBounds.exitT],
  ["max_wavefront", diffuseBounds.maxWavefront],
  ["ema_embeds", diffuseBounds.emaEmbeds],
  ["state_noise_mixing", diffuseBounds.stateNoiseMixing],
  ["max_diffusion_steps", diffuseBounds.maxDiffusionSteps]
];

/** What a generation was asked with beside its prompt, as options of `orrery generate`: only what differs from the defaults, and how it was shared. */
export function generateOptionsOf({generated, exit_rule}: Trace): (readonly [string, string | number | undefined])[] {
  const asked = generated?.asked ?? {};
  const {speculate, diffuse, stop, warm_start} = asked as {
    speculate?: {draft_steps: number; lookahead: number} | null;
    diffuse?: Record<string, unknown> | null;
    stop?: readonly string[];
    warm_start?: string;
  };
  const all: Record<string, unknown> = {...asked, ...diffuse};
  const flag = (name: string, on: boolean) => [name, on ? "" : undefined] as const;
  return [
    ["max-new", asked.max_new as number | undefined],
    ["exit", exit_rule ?? undefined],
    ["kv", generated?.kv === "full" ? undefined : generated?.kv],
    flag("sample", asked.sample === true),
    ...NUMBERS.map(
      ([name, {usual}]) => [name.replaceAll("_", "-"), all[name] === usual ? undefined : (all[name] as number | undefined)] as const
    ),
    ["prefill", asked.prefill === "each" ? "each" : undefined],
    ["warm-start", warm_start === "none" ? undefined : warm_start],
    ["speculate", speculate ? `${speculate.draft_steps}:${speculate.lookahead}` : undefined],
    flag("diffuse", Boolean(diffuse)),
    ["freeze-strategy", diffuse && diffuse.freeze_strategy !== "latent-diff" ? String(diffuse.freeze_strategy) : undefined],
    flag("no-dampened-state-mixer", diffuse?.dampened_state_mixer === false),
    flag("sqrt-mixer", diffuse?.sqrt_mixer === true),
    ...(stop ?? []).map((text) => ["stop", text] as const),
    flag("chat", asked.chat === true)
  ];
}
