import {keptJson} from "../../api/files/kept.ts";
import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {z} from "zod";
import {pathsSummary} from "../../analysis/paths/summary.ts";
import {seededRandom} from "../../analysis/random.ts";
import {
  EXPERIMENT_SCHEMA,
  experimentOptions,
  promptResultSchema,
  type ExperimentSpec,
  type PromptResult,
  type TokenResult
} from "../../api/contract/experimentSchemas.ts";

type Attractor = TokenResult["attractors"][number];

/** The spec of an experiment that nobody ran, about so many prompts. */
export const madeSpec = (prompts: number): ExperimentSpec => ({
  schema: EXPERIMENT_SCHEMA,
  title: "made by hand",
  model: {name: "nobody", hash: "0".repeat(64)},
  prompts: {count: prompts, sha256: "0".repeat(64)},
  ...z.object(experimentOptions).parse({steps: 4, inits: 4}),
  software: {name: "orrery", version: "0.0.0"},
  created: "2026-01-31T12:00:00.000Z"
});

const unit = {
  verdict: "independent" as const,
  independent: true,
  reached: 1,
  phases: 1,
  period: 1,
  ...{aa_noise: 0.99, aa_noise_ci: null, aa_noise_above: 1, aa_swap: 0.98, aa_swap_ci: null, aa_swap_above: 1},
  ...{final_cosine: 1, final_cosine_ci: null, final_cosine_least: 1},
  ...{rate: 0.5, rate_ci: [0.49, 0.51] as [number, number], rate_window: [0, 3] as [number, number], rate_pairs: 6},
  noise_floor: 1e-6,
  reached_step: 3,
  gap: [1, 0.5, 0.25, 0.125, 0.0625],
  gap_largest: [1, 0.5, 0.25, 0.125, 0.0625],
  underway: 0,
  basin_radius: 10,
  basin_radius_is_bound: true
};

const attractorOf = ({share, ...given}: Partial<Attractor> & Pick<Attractor, "share">): Attractor => ({
  share,
  share_ci: [share, share],
  period: 1,
  starts: {"normal 1": Math.round(4 * share)},
  phases: 1,
  answer: null,
  correct: null,
  ...given
});

export const madeToken = (index: number, given: Partial<TokenResult> = {}): TokenResult => ({
  index,
  id: index,
  text: `t${index}`,
  ...unit,
  attractors: [attractorOf({share: 1, answer: "x"})],
  answer: {id: 1, text: "x"},
  answer_share: 1,
  answer_step: 1,
  kl: 0,
  kl_step: 2,
  answer_share_by_step: [0.25, 1, 1, 1, 1],
  kl_by_step: [1, 0.1, 0.01, 0.001, 0],
  ...given
});

export interface MadeParts {
  readonly prompt?: string;
  readonly answer?: string;
  readonly tokens?: TokenResult[];
  readonly sequence?: Partial<Omit<PromptResult["sequence"], "attractors">> & {
    readonly attractors?: (Partial<Attractor> & Pick<Attractor, "share">)[];
  };
  readonly landscape?: PromptResult["landscape"];
}

/** A line of results made by hand, its curves and numbers those of a quiet prompt unless others are given; checked against the schema. */
export function madeResult(
  index: number,
  {
    prompt = `prompt ${index}`,
    answer,
    tokens = [madeToken(0), madeToken(1)],
    sequence: {attractors = [{share: 1, answer: "x"}], ...sequence} = {},
    landscape = null
  }: MadeParts = {}
): PromptResult {
  const basin: PromptResult["sequence"]["basin"] = [
    {kind: "normal", scale: 1, count: 4, reached: 4, elsewhere: 0, share: 1, share_ci: [0.51, 1]}
  ];
  return promptResultSchema.parse({
    index,
    prompt,
    answer: answer ?? null,
    seed: index,
    tokens,
    sequence: {...unit, ...sequence, attractors: attractors.map(attractorOf), basin},
    landscape
  });
}

/** The folder of an experiment that nobody ran: rates rise with the index, the last two prompts end in two places. */
export async function writeExperiment(dir: string, count: number, spec: Partial<ExperimentSpec> = {}): Promise<void> {
  await mkdir(dir, {recursive: true});
  const parted = {
    verdict: "dependent" as const,
    independent: false,
    reached: 2,
    attractors: [
      {share: 0.75, answer: "85"},
      {share: 0.25, answer: "84"}
    ]
  };
  const results = Array.from({length: count}, (_, i) =>
    madeResult(i, {
      tokens: [madeToken(0, {aa_noise: 1 - 10 ** (-6 * (i / count))})],
      sequence: {rate: (i + 1) / (count + 1), ...(i >= count - 2 && parted)}
    })
  );
  await writeFile(join(dir, "spec.json"), JSON.stringify({...madeSpec(count), ...spec}));
  await writeFile(join(dir, "results.jsonl"), results.map((result) => `${JSON.stringify(result)}\n`).join(""));
  await writeFile(join(dir, "summary.json"), keptJson(pathsSummary(results, {random: seededRandom(0)})));
}
