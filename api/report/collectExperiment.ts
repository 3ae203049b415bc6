import {beyondNote} from "../../capture/trace/trainedSteps.ts";
import {pathsSummary} from "../../analysis/paths/summary.ts";
import {seededRandom} from "../../analysis/random.ts";
import {software} from "../../capture/software.ts";
import {readExperiment, readResults} from "../experiments/experimentFolder.ts";
import {experimentOptions, type ExperimentSpec, type PromptResult} from "../contract/experimentSchemas.ts";
import {damageSentence} from "../experiments/experimentOverview.ts";
import {summarySentences} from "../experiments/summarySentences.ts";
import {pathNotes} from "./methods/paths.ts";
import {REPORT_SCHEMA, type ExperimentReport, type Fact} from "../contract/reportData.ts";
import {quoted} from "./repeatCommand.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

const MOST_TOKEN_CURVES = 2000; // beyond it single tokens keep their numbers and lose their curves, so that the file stays small

/** Gathers what the report of an experiment's folder shows. Throws an Error for a folder without a finished prompt. */
export async function collectExperiment(dir: string): Promise<ExperimentReport> {
  const {spec, finished, live} = await readExperiment(dir);
  if (finished === 0) throw new Refusal(`invalid experiment: ${dir} has no finished prompt; expected at least one`, {kind: "unusable"});
  const {results, damage} = await readResults(dir, spec);
  if (results.length === 0) throw new Refusal(damage[0], {kind: "damaged"});
  const summary = pathsSummary(results, {random: seededRandom(spec.seed)});
  const tokens = results.flatMap((result) => result.tokens);
  const count = (verdict: string): number => tokens.filter((token) => token.verdict === verdict).length;
  const isComplete = finished === spec.prompts.count;
  return {
    schema: REPORT_SCHEMA,
    kind: "experiment",
    summary: {
      kind: "experiment",
      title: spec.title,
      status: isComplete ? "complete" : "partial",
      stopped: isComplete ? null : `${finished} of ${spec.prompts.count} prompts${live ? ", still running" : ""}`,
      model: {name: spec.model.name, hash: spec.model.hash, revision: null},
      prompt: null,
      prompts: finished,
      tokens: tokens.length,
      steps: spec.steps,
      steps_written: spec.steps,
      inits: spec.inits,
      trained_steps: spec.model.trained_steps ?? null,
      created: spec.created,
      patterns: null,
      rate: summary.rate && {
        median: summary.rate.median,
        low: summary.rate.quartiles[0],
        high: summary.rate.quartiles[1],
        count: summary.rate.n
      },
      settled_step: null,
      explained: [],
      independence: {independent: count("independent"), dependent: count("dependent"), unfinished: count("unfinished")},
      sentences: [...summarySentences(spec, summary), ...damageSentence(damage)]
    },
    provenance: provenanceOf(spec, finished),
    command: commandOf(spec),
    methods: pathNotes(spec.tolerance),
    spec,
    basin: summary.basin.map(({kind, scale, count: starts, reached, share, ci}) => ({
      kind,
      scale,
      count: starts,
      reached,
      share,
      ci: [...ci]
    })),
    results: results.map((result) => slimmed(result, tokens.length <= MOST_TOKEN_CURVES))
  };
}

/** Only the curves that are drawn. */
function slimmed(result: PromptResult, keepsTokenCurves: boolean): PromptResult {
  return {
    ...result,
    tokens: result.tokens.map((token) => ({
      ...token,
      gap: keepsTokenCurves ? token.gap : [],
      gap_largest: [],
      answer_share_by_step: [],
      kl_by_step: []
    })),
    sequence: {...result.sequence, gap_largest: []}
  };
}

function provenanceOf(
  {
    model,
    prompts,
    steps,
    inits,
    seed,
    noise,
    swaps,
    scales,
    scale_inits,
    constants,
    tolerance,
    resamples,
    engine,
    dtype,
    device,
    software: by,
    created
  }: ExperimentSpec,
  finished: number
): Fact[] {
  return [
    {name: "model", value: model.name},
    {name: "model hash", value: `sha256 ${model.hash}`},
    {name: "prompts", value: `${finished} of ${prompts.count}, sha256 ${prompts.sha256}`},
    {name: "steps", value: `${steps}${beyondNote(model.trained_steps, steps, 1)}`},
    {name: "starts of the model’s own", value: `${inits}, normal cut at ±3σ, seed ${seed}`},
    {
      name: "other starts",
      value: `${noise} of noise, ${swaps} from other prompts, ${scale_inits} at each scale of ${scales.join(", ") || "none"}, constants ${constants.join(", ") || "none"}`
    },
    {name: "one place within", value: String(tolerance)},
    {name: "bootstrap draws", value: String(resamples)},
    {name: "engine", value: `${engine}, ${dtype}, ${device}`},
    {name: "run by", value: `${by.name} ${by.version}`},
    {name: "begun at", value: created},
    {name: "reported by", value: `${software.name} ${software.version}`}
  ];
}

/** The `orrery paths` command that makes the experiment again; only what differs from the defaults is said. */
function commandOf(spec: ExperimentSpec): string {
  const given = Object.entries(experimentOptions).flatMap(([name, schema]) => {
    const value = spec[name as keyof typeof experimentOptions];
    const isDefault = JSON.stringify(schema.parse(undefined)) === JSON.stringify(value);
    return isDefault ? [] : [`--${name.replaceAll("_", "-")} ${quoted(Array.isArray(value) ? value.join(",") : String(value))}`];
  });
  return ["orrery paths", `--model ${quoted(spec.model.name)}`, "--prompts prompts.jsonl", ...given].join(" ");
}
