import type {Run} from "../../api/contract/contract.ts";
import {padded, type Field} from "../plot/field.ts";
import type {Readout} from "../plot/readout.ts";
import type {Tensors} from "../source/safetensors.ts";

/** Everything of one run that the views draw, as far as it has been computed. */
export interface RunData extends Run {
  /** Fields by the measure that they are of. */
  readonly fields: Readonly<Record<string, Field>>;
  readonly readout: Readout | undefined;
  /** Texts of the prompt's tokens. */
  readonly names: readonly string[];
  /** The last step there is. */
  readonly lastStep: number;
}

/** Where the axes of steps end: with what was asked for while the run grows, with what there is once it has ended. */
export const endStep = ({summary, trace}: Pick<RunData, "summary" | "trace">): number =>
  summary.live ? trace.steps : Math.max(1, trace.steps_written);

/** Every three-dimensional tensor of a message as a field of that name. */
export function fieldsOf({tensors, metadata}: Tensors): Record<string, Field> {
  const fields: Record<string, Field> = {};
  const firstStep = Number(metadata.first_step ?? 0); // sites inside a step begin at step 1
  for (const [name, {shape, data}] of Object.entries(tensors)) {
    if (shape.length === 3)
      fields[name] = {
        steps: shape[0] + firstStep,
        inits: shape[1],
        tokens: shape[2],
        values: padded(data as Float32Array, firstStep * shape[1] * shape[2])
      };
  }
  return fields;
}
