import {z} from "zod";
import {evalSpecSchema, itemResultSchema, itemSchema, type EvalItem, type EvalSpec, type ItemResult} from "../contract/evalSchemas.ts";
import type {Parts} from "../queue/shared/collectParts.ts";
import {inOrder} from "../queue/shared/inOrder.ts";
import {hashOfSpec, lineAnswerSchema} from "../queue/shared/lineParts.ts";

export const ITEM = "item";

/** What every item of an evaluation needs to know. */
export const itemSetupSchema = z.strictObject({spec: evalSpecSchema, items: z.array(itemSchema).min(1)});

interface ItemPartsOptions {
  readonly spec: EvalSpec;
  readonly items: readonly EvalItem[];
  readonly indices: readonly number[];
  /** Takes the results in the order of the indices. */
  readonly take: (result: ItemResult) => Promise<void>;
}

/** Items of an evaluation as parts of a job for the workers of a queue. */
export function itemParts({spec, items, indices, take}: ItemPartsOptions): Parts {
  const next = inOrder<ItemResult>(indices, (_, result) => take(result));
  return {
    job: `evaluation-${hashOfSpec(spec)}`,
    kind: ITEM,
    lane: {...spec, hash: spec.model.hash},
    missing: indices,
    setup: {spec, items},
    orderOf: () => ({}),
    async take(index, answer) {
      const told: unknown = JSON.parse(lineAnswerSchema.parse(answer).line);
      if (itemResultSchema.parse(told).index !== index) throw new Error(`invalid result: a worker gave item ${index} another's`);
      await next(index, told as ItemResult); // as it was written, so that its line is the same
    }
  };
}
