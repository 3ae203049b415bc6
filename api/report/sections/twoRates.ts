import type {RunReport} from "../../contract/reportData.ts";
import {tokenText} from "../../../capture/trace/tokenText.ts";
import {countText, intervalText, numberText} from "../figureText.ts";

interface Rates {
  readonly text: string;
  /** Ends of what the single paths' rates, with their intervals, span, and of the gap's. */
  readonly paths: readonly [number, number];
  readonly gap: readonly [number, number];
  readonly words: string;
}

const REASONS = {
  agree: "",
  slower:
    "The gap’s rate is that of the end of its way, a path’s that of all of it: where the gap is the slower, quicker modes are in the path’s rate (one without an interval has no single mode)",
  quicker: "Where the gap is the quicker, a slow mode that all starts excite alike cancels in it and stays in each path"
} as const;

/** Whether what a single path keeps of its distance per step and what the gap between starts keeps can be one rate, over the tokens that have both, and why they need not. */
export function twoRates({verdicts, paths, tokens}: Pick<RunReport, "verdicts" | "paths" | "tokens">): string | undefined {
  const all = (paths?.tokens ?? []).flatMap((unit): Rates[] => {
    const own = verdicts.filter(({token, pattern, rate}) => token === unit.index && pattern === "converging" && rate !== null);
    if (unit.rate === null || own.length === 0) return [];
    const ends = own.flatMap(({rate, rate_ci}) => [rate!, rate_ci?.[0] ?? rate!, rate_ci?.[1] ?? rate!]);
    const points = own.map(({rate}) => rate!);
    return [
      {
        text: tokens[unit.index]?.text ?? "",
        paths: [Math.min(...ends), Math.max(...ends)],
        gap: [Math.min(unit.rate, unit.rate_ci?.[0] ?? Infinity), Math.max(unit.rate, unit.rate_ci?.[1] ?? -Infinity)],
        words: `${numberText(Math.min(...points))} to ${numberText(Math.max(...points))} by single paths, ${numberText(unit.rate)} ${intervalText(unit.rate_ci)} by the gap`
      }
    ];
  });
  if (all.length === 0) return undefined;
  const kindOf = ({paths: [low, high], gap}: Rates): keyof typeof REASONS =>
    gap[0] > high ? "slower" : gap[1] < low ? "quicker" : "agree";
  const apart = all.filter((rates) => kindOf(rates) !== "agree");
  const [worst] = [...apart].sort((a, b) => distanceOf(b) - distanceOf(a));
  const head = `What is kept a step has two readings: of a path’s distance to its own end, and of the gap between starts. They agree for ${all.length - apart.length} of ${countText(all.length, "token")} with both`;
  if (!worst) return `${head} (${all[0].words}${all.length > 1 ? `, for “${tokenText(all[0].text)}”` : ""}).`;
  const reasons = (["slower", "quicker"] as const).filter((kind) => apart.some((rates) => kindOf(rates) === kind));
  return `${head}; furthest apart for “${tokenText(worst.text)}”: ${worst.words}. ${reasons.map((kind) => `${REASONS[kind]}.`).join(" ")}`;
}

const distanceOf = ({paths: [low, high], gap}: Rates): number => Math.max(gap[0] - high, low - gap[1]);
