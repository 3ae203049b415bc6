import type {TraceReader} from "../../capture/trace/reader.ts";
import {portrait} from "../analyses/portrait.ts";
import type {ReportPortrait, ReportVerdict} from "../contract/reportData.ts";
import {packNumbers} from "./packing.ts";

const MOST_PORTRAITS = 8; // of a run: each takes the room of a page of numbers

type Sized = Pick<ReportVerdict, "token" | "init" | "pattern" | "amplitude" | "drift_speed" | "rate">;

/**
 * The trajectories whose pattern a report shows, one of each token, the first of them first: orbits by radius, sliders by speed, then of the
 * converging ones the slowest.
 */
export function sittersOf(verdicts: readonly Sized[]): readonly Sized[] {
  const by = (pattern: Sized["pattern"], sizeOf: (verdict: Sized) => number | null): Sized[] =>
    verdicts.filter((verdict) => verdict.pattern === pattern).sort((a, b) => (sizeOf(b) ?? 0) - (sizeOf(a) ?? 0));
  const seen = new Set<number>();
  return [
    ...by("orbit", ({amplitude}) => amplitude),
    ...by("slider", ({drift_speed}) => drift_speed),
    ...by("converging", ({rate}) => rate)
  ]
    .filter(({token}) => !seen.has(token) && seen.add(token))
    .slice(0, MOST_PORTRAITS);
}

/** The pictures of the strongest patterns of a run. */
export async function reportPortraits(reader: TraceReader, site: string, verdicts: readonly Sized[]): Promise<ReportPortrait[]> {
  const portraits: ReportPortrait[] = [];
  for (const {token, init} of sittersOf(verdicts)) {
    const {info, tensors} = await portrait(reader, {token, init, site});
    portraits.push({
      info,
      numbers: Object.fromEntries(
        Object.entries(tensors).map(([name, {shape, data}]) => [name, packNumbers(Float32Array.from(data as ArrayLike<number>), shape)])
      )
    });
  }
  return portraits;
}
