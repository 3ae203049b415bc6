import {exitPolicy, parseExitRule} from "../../analysis/exit/exitRules.ts";
import {createModelKeeper} from "../../capture/engine/modelKeeper.ts";
import {generation} from "../../capture/generate/generation.ts";
import type {GenerationNews, GenerationResult} from "../../capture/generate/generationResult.ts";
import type {GenerateSpec} from "../../capture/generate/generateSpec.ts";
import {answerOrders} from "../../capture/service/answerOrders.ts";

/** The process that generates: where the model meets the rules that end its loop. */

const models = createModelKeeper({log: (line) => process.stderr.write(`${line}\n`)});

answerOrders<GenerateSpec, GenerationResult, GenerationNews>(
  async (spec, {signal, tell}) =>
    generation(spec, {
      engine: () => models.engineFor(spec),
      exit: spec.exit === undefined ? undefined : exitPolicy(parseExitRule(spec.exit)),
      signal,
      onNews: tell
    }),
  {finishes: true}
);
