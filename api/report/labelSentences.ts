import {CLAIMS} from "../../analysis/patterns/labels.ts";
import {median} from "../../analysis/paths/bootstrap.ts";
import type {Patterns} from "../contract/contract.ts";
import type {ReportSummary, ReportVerdict} from "../contract/reportData.ts";
import {countText, listed, numberText} from "./figureText.ts";

/** What is said of the labels of a run. */
interface LabelFindings {
  readonly summary: Pick<ReportSummary, "patterns" | "rate" | "settled_step">;
  readonly verdicts: readonly Pick<ReportVerdict, "pattern" | "period" | "amplitude" | "off_curve" | "drift_speed" | "bad_from">[];
}

/** How often each label was found, how fast the converging paths are, how the others move: a sentence each. */
export const labelSentences = (findings: LabelFindings): string[] =>
  [labels, rates, steadyMotion].flatMap((sentence) => sentence(findings) ?? []);

/** Labels as they are answered of a whole run: with what was found in words. */
export const withSentences = ({tokens, summary}: Patterns): Patterns => ({
  tokens,
  summary: {...summary, sentences: labelSentences({summary: {patterns: summary, ...convergenceOf(tokens)}, verdicts: tokens})}
});

/** How much of the distance the converging paths keep, and when they have come to rest. */
export function convergenceOf(
  verdicts: readonly Pick<ReportVerdict, "pattern" | "rate" | "settled_step">[]
): Pick<ReportSummary, "rate" | "settled_step"> {
  const converging = verdicts.filter(({pattern}) => pattern === "converging");
  const rates = converging.flatMap(({rate}) => rate ?? []).sort((a, b) => a - b);
  const settled = converging.flatMap(({settled_step}) => settled_step ?? []).sort((a, b) => a - b);
  return {
    rate: rates.length > 0 ? {median: median(rates), low: rates[0], high: rates.at(-1)!, count: rates.length} : null,
    settled_step: settled.length > 0 ? {median: median(settled), latest: settled.at(-1)!, count: settled.length} : null
  };
}

function labels({summary: {patterns}, verdicts}: LabelFindings): string[] {
  if (!patterns) return [];
  const {counts, alpha} = patterns;
  const all = verdicts.length;
  const found = CLAIMS.filter((pattern) => (counts[pattern] ?? 0) > 0);
  const parts = found.map(
    (pattern) =>
      `${counts[pattern]} ${pattern === "converging" ? (counts[pattern] === 1 ? "converges" : "converge") : counts[pattern] === 1 ? `is an ${pattern}`.replace("an slider", "a slider") : `are ${pattern}s`}`
  );
  const open = counts.unsettled ?? 0;
  const level = `q ≤ ${numberText(alpha)}`;
  const allAlike = open === 0 && parts.length === 1 && all > 1;
  const lines = [
    allAlike
      ? `All ${countText(all, "trajectory", "trajectories")} ${parts[0].replace(/^\d+ /, "")} at ${level}.`
      : parts.length === 0
        ? `No trajectory gets a label at ${level}.`
        : `Of ${countText(all, "trajectory", "trajectories")}, ${listed(parts)} at ${level}${open > 0 ? `; for ${open} no label is supported` : ""}.`
  ];
  const broken = verdicts.filter(({bad_from}) => bad_from !== null).length;
  if (broken > 0) lines.push(`Of those without a label, ${broken} ${broken === 1 ? "holds" : "hold"} NaN or Infinity.`);
  const missing = (["orbit", "slider"] as const).filter((pattern) => !counts[pattern]);
  if (missing.length > 0)
    lines.push(`No ${missing.join(" or ")} was found among ${countText(all, "trajectory", "trajectories")} at ${level}.`);
  return lines;
}

function rates({summary: {rate, settled_step}}: LabelFindings): string | undefined {
  if (!rate) return undefined;
  const range = rate.count > 1 ? ` (${numberText(rate.low)} to ${numberText(rate.high)} over ${rate.count} trajectories)` : "";
  const settling = settled_step
    ? ` Half of those that come to rest stay at their end, within its noise, from step ${Math.ceil(settled_step.median)} on, the last from step ${settled_step.latest}.`
    : "";
  return `The converging ones keep ${numberText(rate.median)} of their distance to the fixed point at each step, at the median${range}, measured above the noise floor.${settling}`;
}

function steadyMotion({verdicts}: LabelFindings): string[] {
  const orbits = verdicts.filter(({pattern, period}) => pattern === "orbit" && period !== null);
  const sliders = verdicts.filter(({pattern, drift_speed}) => pattern === "slider" && drift_speed !== null);
  const lines: string[] = [];
  if (orbits.length > 0) {
    const off = orbits.flatMap(({off_curve}) => off_curve ?? []);
    const farthest = off.reduce((a, b) => Math.max(a, b), 0);
    const close = off.length > 0 ? ` They lie off their curve by ${numberText(farthest)} of its radius at most.` : "";
    lines.push(
      `The orbits turn once in ${spanText(orbits.map(({period}) => period!))} steps, with radii of ${spanText(orbits.map(({amplitude}) => amplitude ?? NaN))} of the state’s norm.${close}`
    );
  }
  if (sliders.length > 0) lines.push(`The sliders move by ${spanText(sliders.map(({drift_speed}) => drift_speed!))} radians a step.`);
  return lines;
}

function spanText(values: readonly number[]): string {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const [low, high] = [numberText(sorted[0]), numberText(sorted.at(-1))];
  return low === high ? low : `${low} to ${high}`;
}
