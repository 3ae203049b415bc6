import {claimFrom, type Claim, type ClaimOptions} from "../../../analysis/patterns/claim.ts";
import {patternsFrom} from "../../analyses/patterns.ts";
import type {Patterns} from "../../contract/contract.ts";
import type {CensusRow} from "../censusRow.ts";
import {rowOf} from "../rowsOfTrace.ts";
import type {GramTrace} from "./gramFolder.ts";

/** The claims of all trajectories, in the order [init][token]: the same as from the states. */
function claimsOfGram({paths, trace, precision, from_initial: fromInitial}: GramTrace, evidence: ClaimOptions["evidence"]): Claim[] {
  const tokens = trace.tokens.length;
  return paths.map((path, i) => claimFrom(path, {init: Math.floor(i / tokens), token: i % tokens, precision, fromInitial, evidence}));
}

/** The rows of one Gram trace, as of the trace that it was made of. */
export function rowsOfGram(gram: GramTrace, prompt: number): CensusRow[] {
  const {trace, first_step: firstStep, beside} = gram;
  return claimsOfGram(gram, "decisive").map((claim, i) => {
    const {last_step_norm: _, ...cells} = beside[i];
    return rowOf(claim, cells, {prompt, tokens: trace.tokens, firstStep});
  });
}

/** The labels of one Gram trace, as `orrery analyze` tells them of a run; measures of states are not there. */
export function patternsOfGram(gram: GramTrace): Patterns {
  const {trace, site, first_step: firstStep, width, precision, collapse, beside} = gram;
  const {steps_written: steps, inits, tokens} = trace;
  return patternsFrom(claimsOfGram(gram, "all"), {
    evidence: true,
    ...{site, firstStep, precision},
    shape: {steps: steps + 1 - firstStep, inits: inits.length, tokens: tokens.length, width},
    texts: tokens.map(({text}) => text),
    collapse: {...collapse, correlation: collapse.correlation ?? NaN},
    besideOf: ({init, token}) => ({lastStepNorm: beside[init * tokens.length + token].last_step_norm})
  });
}
