import {resultOf, toolsOf} from "../eval/evaluation.ts";
import {itemSetupSchema} from "../eval/itemParts.ts";
import {lineKind} from "./lineKind.ts";

/** An item of an evaluation, under every setting. */
export const itemKind = () =>
  lineKind(
    async ({setup, keeper, model, lane: {dtype, device}}) => {
      const {spec} = await setup(itemSetupSchema);
      return keeper.engineFor({model, engine: spec.engine, dtype, device});
    },
    async (engine, {setup, model}, signal) => {
      const {spec, items} = await setup(itemSetupSchema);
      const tools = await toolsOf(model, spec, async () => engine, signal);
      return {title: spec.title ?? "evaluation", lineOf: (index) => resultOf(items[index], index, spec, tools)};
    }
  );
