import {basename} from "node:path";
import {PATTERNS} from "../../analysis/patterns/labels.ts";
import {NULLS} from "../../analysis/patterns/classifyRun.ts";
import {beyondNote} from "../../capture/trace/trainedSteps.ts";
import {software} from "../../capture/software.ts";
import {finishedSummary, readManifest, withoutFolder} from "../census/censusFolder.ts";
import {keepBounds} from "../contract/censusBounds.ts";
import {captureBounds, initKinds} from "../../capture/bounds.ts";
import {computeDtypes, devices, engineKinds} from "../../capture/engine/choices.ts";
import type {CensusSummary} from "../contract/censusSchemas.ts";
import {REPORT_SCHEMA, type CensusReport, type Fact} from "../contract/reportData.ts";
import {tokenText} from "../../capture/trace/tokenText.ts";
import {countText, numberText, qText, shareText} from "./figureText.ts";
import {censusNotes} from "./methods/censuses.ts";
import {patternNotes} from "./methods/labels.ts";
import {quoted} from "./repeatCommand.ts";

/** Gathers what the report of a census's folder shows. Throws a Refusal for one that is not finished: its labels are not known. */
export async function collectCensus(dir: string): Promise<CensusReport> {
  const manifest = withoutFolder(await readManifest(dir));
  const census = await finishedSummary(dir);
  return {
    schema: REPORT_SCHEMA,
    kind: "census",
    summary: {
      kind: "census",
      title: manifest.title ?? basename(dir),
      status: "complete",
      stopped: null,
      model: {name: manifest.model.name, hash: manifest.model.hash, revision: null},
      prompt: null,
      prompts: census.prompts,
      tokens: census.tokens,
      steps: manifest.steps,
      steps_written: manifest.steps,
      inits: manifest.inits,
      trained_steps: manifest.model.trained_steps ?? null,
      created: manifest.created,
      patterns: null,
      rate: null,
      settled_step: null,
      explained: [],
      independence: null,
      sentences: censusSentences(census)
    },
    provenance: provenanceOf(manifest),
    command: commandOf(manifest),
    methods: [
      ...censusNotes(census.alpha),
      ...patternNotes({alpha: census.alpha, nulls: NULLS, precision: `${manifest.dtype} numbers`, rounding_floor: null}, "census")
    ],
    manifest,
    census: {...census, kept: census.kept.map(({trace, ...kept}) => ({...kept, trace: basename(trace)}))}
  };
}

const TOLD = 5; // associations in the summary

/** What was found, the expected number of false labels among it. */
function censusSentences({labels, rows, tokens, prompts, alpha, expected_false, not_finite, associations}: CensusSummary): string[] {
  const shares = PATTERNS.map((label) => {
    const {count, share, low, high} = labels[label];
    return `${countText(count, label, label)} (${shareText(share ?? 0)}, 95 % ${shareText(low)} to ${shareText(high)})`;
  });
  const surest = associations
    .filter(({q, label}) => q <= 0.05 && label !== "unsettled")
    .sort((a, b) => a.q - b.q || (a.group < b.group ? -1 : 1))
    .slice(0, TOLD);
  return [
    `Of ${countText(rows, "trajectory", "trajectories")} of ${countText(tokens, "token")} in ${countText(prompts, "prompt")}: ${shares.join(", ")}.`,
    `Labels stand at q ≤ ${numberText(alpha)} over all of them: at most ${numberText(expected_false)} of the labels that claim something are expected to be false.`,
    ...(not_finite > 0
      ? [`${countText(not_finite, "trajectory has", "trajectories have")} a number that is not finite, and no label.`]
      : []),
    ...surest.map(({by, group, label, table: [[a, b]], odds_ratio, interval, q}) => {
      const odds = `odds ratio ${odds_ratio === null ? (a === 0 ? "0" : "∞") : numberText(odds_ratio)}${interval ? ` (95 % ${numberText(interval[0])} to ${numberText(interval[1])})` : ""}`;
      const name = by === "text" ? `“${tokenText(group)}”` : group;
      return `By ${by}, ${name} is ${label} in ${a} of ${a + b}: ${odds}, q ${qText(q)}.`;
    })
  ];
}

function provenanceOf({
  model,
  from,
  prompts,
  steps,
  inits,
  init,
  seed,
  site,
  engine,
  dtype,
  device,
  software: by,
  created
}: CensusReport["manifest"]): Fact[] {
  return [
    {name: "model", value: model.name},
    {name: "model hash", value: `sha256 ${model.hash}`},
    {name: from === "traces" ? "traces" : "prompts", value: `${prompts.count}, sha256 ${prompts.hash}`},
    {name: "steps", value: `${steps}${beyondNote(model.trained_steps, steps, 1)}`},
    ...(from === "traces"
      ? [{name: "initial states", value: String(inits)}]
      : [
          {name: "initial states", value: `${inits}, ${init.kind}, scale ${numberText(init.scale)}, seed ${seed}`},
          {name: "engine", value: `${engine}, ${dtype}, ${device}`}
        ]),
    {name: "site", value: site},
    {name: "run by", value: `orrery ${by}`},
    {name: "begun at", value: created},
    {name: "reported by", value: `${software.name} ${software.version}`}
  ];
}

/** The command that makes the census again; only what differs from the defaults is said. */
function commandOf({from, model, steps, inits, init, seed, site, engine, dtype, device, keep}: CensusReport["manifest"]): string {
  if (from === "traces") return "orrery census --from traces --out census";
  const given = [
    [inits, 1, "inits"],
    [init.kind, initKinds[0], "init"],
    [seed, captureBounds.seed.usual, "seed"],
    [site, "state", "site"],
    [engine, engineKinds[0], "engine"],
    [dtype, computeDtypes[0], "dtype"],
    [device, devices[0], "device"],
    [keep.traces, keepBounds.traces.usual, "keep"],
    [keep.sample, keepBounds.sample.usual, "sample"],
    [keep.megabytes, keepBounds.megabytes.usual, "keep-mb"]
  ].filter(([value, usual]) => value !== usual);
  return [
    `orrery census --model ${quoted(model.name)} --prompts prompts.jsonl --steps ${steps}`,
    ...given.map(([value, , name]) => `--${name} ${quoted(String(value))}`),
    "--out census"
  ].join(" ");
}
