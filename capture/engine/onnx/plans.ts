import type {InferenceSession} from "onnxruntime-node";
import {stages, type StageName} from "../stages.ts";
import type {ModelConfig} from "../../families/huginn/config.ts";
import type {Taps} from "../../families/huginn/sites.ts";
import {segmentsOf, type Segment} from "./segments.ts";
import {traceStage, type TracedStage} from "./traceStage.ts";

/** A stage made ready for a choice of taps: one session per segment (none where a segment computes nothing). */
export interface Plan {
  readonly stage: StageName;
  readonly traced: TracedStage;
  readonly records: readonly string[];
  readonly changes: readonly string[];
  readonly parts: readonly {readonly segment: Segment; readonly session?: InferenceSession}[];
}

export interface PlansOptions {
  /** A large model has no room for more than one plan of the same weights. */
  readonly isLarge: boolean;
  readonly open: (traced: TracedStage, segment: Segment) => Promise<InferenceSession>;
}

export interface Plans {
  planFor(stage: StageName, taps: Taps): Promise<Plan>;
  dispose(): Promise<void>;
}

/**
 * Plans as they are asked for, the least lately used given up first. A plan serves all taps that change the same sites
 * and record no others than it does; it grows with what is recorded, so that callers in turn do not push each other out.
 */
export function plansOf(config: ModelConfig, {isLarge, open}: PlansOptions): Plans {
  const traces = new Map<StageName, TracedStage>();
  const plans: Plan[] = []; // latest first

  const tracedOf = (stage: StageName): TracedStage => {
    const traced = traces.get(stage) ?? traceStage(stages[stage], config);
    traces.set(stage, traced);
    return traced;
  };
  const take = (predicate: (plan: Plan) => boolean): Plan | undefined => {
    const at = plans.findIndex(predicate);
    return at < 0 ? undefined : plans.splice(at, 1)[0];
  };

  return {
    async planFor(stage, taps) {
      const traced = tracedOf(stage);
      const names = traced.sites.map(({name}) => name);
      const changes = names.filter((name) => taps.changes.includes(name));
      const records = names.filter((name) => taps.records.includes(name));
      const known = take((plan) => plan.stage === stage && plan.changes.join() === changes.join());
      if (known && records.every((name) => known.records.includes(name))) {
        plans.unshift(known);
        return known;
      }
      if (known) await release(known); // before the next one is made, which takes the same memory
      const rivals = plans.filter((plan) => (isLarge ? weightsOf(plan.stage) === weightsOf(stage) : plan.stage === stage));
      for (const rival of rivals.slice(isLarge ? 0 : PLANS_PER_STAGE - 1)) await release(plans.splice(plans.indexOf(rival), 1)[0]);
      const all = names.filter((name) => records.includes(name) || known?.records.includes(name));
      const parts: Plan["parts"][number][] = [];
      for (const segment of segmentsOf(traced, {records: all, changes}))
        parts.push({segment, session: segment.nodes.length === 0 ? undefined : await open(traced, segment)});
      const plan = {stage, traced, records: all, changes, parts};
      plans.unshift(plan);
      return plan;
    },
    async dispose() {
      for (const plan of plans.splice(0)) await release(plan);
    }
  };
}

const PLANS_PER_STAGE = 8; // choices of taps that a user goes back and forth between

/** The core step and its derivative read the same. */
const weightsOf = (stage: StageName): string => (stage === "coreJvp" ? "core" : stage);

async function release({parts}: Plan): Promise<void> {
  for (const {session} of parts) await session?.release();
}
