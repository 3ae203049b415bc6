import type {InferenceSession} from "../../trace/onnxRuntime.ts";
import type {Model} from "../../model/family.ts";
import type {Taps} from "../../model/site.ts";
import {stagesOf, type Stage} from "../stages.ts";
import {segmentsOf, type Segment} from "./segments.ts";
import {traceStage, type AttentionForm, type TracedStage} from "./traceStage.ts";

/** How a stage is run: by the way its attentions are told what to see, or in a loop of the cached form. */
type PlanForm = AttentionForm | "looped";

/** A stage made ready for a choice of taps: one session per segment (none where a segment computes nothing). */
interface Plan {
  readonly stage: Stage;
  readonly form: PlanForm;
  readonly traced: TracedStage;
  readonly records: readonly string[];
  readonly changes: readonly string[];
  readonly parts: readonly {readonly segment: Segment; readonly session?: InferenceSession}[];
}

interface PlansOptions {
  /** A large model has no room for more than one plan of the same weights. */
  readonly isLarge: boolean;
  readonly open: (traced: TracedStage, segment: Segment, form: PlanForm) => Promise<InferenceSession>;
}

interface Plans {
  /** `form` defaults to causal. */
  planFor(stage: string, taps: Taps, form?: PlanForm): Promise<Plan>;
  dispose(): Promise<void>;
}

/**
 * Plans as they are asked for, the least lately used given up first. A plan serves all taps that change the same sites
 * and record no others than it does; it grows with what is recorded, so that callers in turn do not push each other out.
 */
export function plansOf(model: Model, {isLarge, open}: PlansOptions): Plans {
  const stages = stagesOf(model);
  const traces = new Map<string, TracedStage>();
  const plans: Plan[] = []; // latest first

  const tracedOf = (stage: Stage, form: AttentionForm): TracedStage => {
    const key = `${stage.name} ${form}`;
    const traced = traces.get(key) ?? traceStage(stage, model, form);
    traces.set(key, traced);
    return traced;
  };
  const take = (predicate: (plan: Plan) => boolean): Plan | undefined => {
    const at = plans.findIndex(predicate);
    return at < 0 ? undefined : plans.splice(at, 1)[0];
  };

  return {
    async planFor(name, taps, form = "causal") {
      const stage = stages.get(name);
      if (!stage) throw new Error(`unknown stage: ${name}; one of ${[...stages.keys()].join(", ")}`);
      const traced = tracedOf(stage, form === "looped" ? "cached" : form);
      const names = traced.sites.map(({name}) => name);
      const changes = names.filter((name) => taps.changes.includes(name));
      const records = names.filter((name) => taps.records.includes(name));
      const known = take((plan) => plan.stage === stage && plan.form === form && plan.changes.join() === changes.join());
      if (known && records.every((name) => known.records.includes(name))) {
        plans.unshift(known);
        return known;
      }
      if (known) await release(known); // before the next one is made, which takes the same memory
      const rivals = plans.filter((plan) => (isLarge ? plan.stage.weights === stage.weights : plan.stage === stage));
      for (const rival of rivals.slice(isLarge ? 0 : PLANS_PER_STAGE - 1)) await release(plans.splice(plans.indexOf(rival), 1)[0]);
      const all = names.filter((name) => records.includes(name) || known?.records.includes(name));
      const parts: Plan["parts"][number][] = [];
      for (const segment of segmentsOf(traced, {records: all, changes}))
        parts.push({segment, session: segment.nodes.length === 0 ? undefined : await open(traced, segment, form)});
      const plan = {stage, form, traced, records: all, changes, parts};
      plans.unshift(plan);
      return plan;
    },
    async dispose() {
      for (const plan of plans.splice(0)) await release(plan);
    }
  };
}

const PLANS_PER_STAGE = 8; // choices of taps that a user goes back and forth between

async function release({parts}: Plan): Promise<void> {
  for (const {session} of parts) await session?.release();
}
