import {loadTokenizer} from "../../capture/model/tokenizer.ts";
import {promptInputs} from "../experiments/promptInputs.ts";
import {promptJob} from "../experiments/promptJob.ts";
import {promptSetupSchema} from "../experiments/promptParts.ts";
import {lineKind} from "./lineKind.ts";

/** A prompt of an experiment on path independence, from all its starts. */
export const promptKind = () =>
  lineKind(
    async ({setup, keeper, model, lane: {dtype, device}}) => {
      const {spec} = await setup(promptSetupSchema);
      return keeper.engineFor({model, engine: spec.engine, dtype, device});
    },
    async (engine, {setup, model}, signal) => {
      const {spec, prompts} = await setup(promptSetupSchema);
      const tokenizer = await loadTokenizer(model, engine.model);
      const lineOf = promptJob({spec, prompts, inputs: promptInputs(prompts, tokenizer), tokenizer, engine, signal});
      return {title: spec.title, lineOf};
    }
  );
