import {z} from "zod";
import {
  experimentPromptSchema,
  experimentSpecSchema,
  promptResultSchema,
  type ExperimentPrompt,
  type ExperimentSpec
} from "../contract/experimentSchemas.ts";
import type {Parts} from "../queue/shared/collectParts.ts";
import {inOrder} from "../queue/shared/inOrder.ts";
import {hashOfSpec, lineAnswerSchema} from "../queue/shared/lineParts.ts";

export const PROMPT = "prompt";

/** What every prompt of an experiment needs to know. */
export const promptSetupSchema = z.strictObject({spec: experimentSpecSchema, prompts: z.array(experimentPromptSchema).min(1)});

interface PromptPartsOptions {
  readonly spec: ExperimentSpec;
  readonly prompts: readonly ExperimentPrompt[];
  readonly indices: readonly number[];
  /** Takes the lines in the order of the indices. */
  readonly take: (index: number, line: string) => Promise<void>;
}

/** Prompts of an experiment as parts of a job for the workers of a queue. */
export function promptParts({spec, prompts, indices, take}: PromptPartsOptions): Parts {
  const next = inOrder(indices, take);
  return {
    job: `experiment-${hashOfSpec(spec)}`,
    kind: PROMPT,
    lane: {...spec, hash: spec.model.hash},
    missing: indices,
    setup: {spec, prompts},
    orderOf: () => ({}),
    async take(index, answer) {
      const {line} = lineAnswerSchema.parse(answer);
      if (promptResultSchema.parse(JSON.parse(line)).index !== index)
        throw new Error(`invalid result: a worker gave prompt ${index} another's`);
      await next(index, line);
    }
  };
}
