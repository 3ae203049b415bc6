import {collapseFrom} from "../../../analysis/measures/collapse.ts";
import {addTokens, correlationTally} from "../../../analysis/measures/tokenCorrelation.ts";
import {pathProducts, type PathProducts} from "../../../analysis/patterns/pathProducts.ts";
import {pathOf} from "../../../analysis/states.ts";
import {STATE} from "../../../capture/model/site.ts";
import {openTrace, type TraceReader} from "../../../capture/trace/reader.ts";
import {Refusal} from "../../../capture/trace/refusal.ts";
import {numberOrNull} from "../../analyses/numberOrNull.ts";
import {beginsAtInitial, lastStepNorms, precisionOfRun} from "../../analyses/patterns.ts";
import {tokenChunks} from "../../analyses/siteStates.ts";
import {besideOfRun} from "../rowsOfTrace.ts";
import {writeGram, type GramTrace} from "./gramFolder.ts";

/** Makes a Gram trace of a trace folder. Throws a Refusal for a run that is not whole. */
export async function keepGram(traceDir: string, out: string): Promise<void> {
  const reader = await openTrace(traceDir);
  try {
    await writeGram(out, await gramOfTrace(reader, STATE));
  } finally {
    await reader.close();
  }
}

/** What is left of a run when its states are gone: what labels are made of, and what a census says beside them. */
async function gramOfTrace(reader: TraceReader, site: string): Promise<GramTrace> {
  const {trace} = reader;
  if (trace.status !== "complete") throw new Refusal(`invalid run: ${reader.dir} is ${trace.status}; expected a complete one`);
  const {firstStep, lastStep, width} = reader.extentOf(site);
  const shape = {steps: lastStep - firstStep + 1, inits: trace.inits.length, tokens: trace.tokens.length, width};
  const precision = await precisionOfRun(reader, site);
  const beside = await besideOfRun(reader);
  const tally = correlationTally(shape);
  const paths = new Array<PathProducts>(shape.inits * shape.tokens);
  const cells = new Array<GramTrace["beside"][number]>(paths.length);
  for await (const {tokens, states} of tokenChunks(reader, site)) {
    addTokens(tally, states);
    const norms = lastStepNorms(states);
    for (let init = 0; init < shape.inits; ++init)
      for (const [place, token] of tokens.entries()) {
        const at = init * shape.tokens + token;
        const products = pathProducts(pathOf(states, place, init), {precision});
        paths[at] = products;
        cells[at] = {
          ...beside(states, {place, token, init, isSound: products.badFrom === undefined}),
          last_step_norm: numberOrNull(norms[init * tokens.length + place])
        };
      }
  }
  const {since, correlation, ...collapse} = collapseFrom(tally, shape);
  return {
    schema: "orrery-gram/1",
    ...{site, first_step: firstStep, width, precision, from_initial: beginsAtInitial(reader, site)},
    collapse: {...collapse, correlation: numberOrNull(correlation), ...(since === undefined ? {} : {since})},
    beside: cells,
    trace,
    paths
  };
}
